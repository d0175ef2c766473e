/** Starts thread.ts. Node 20 loads no TypeScript into a thread by the flags of its parent; asked like this it does. */
import { tsImport } from 'tsx/esm/api';

await tsImport('./thread.ts', import.meta.url);
