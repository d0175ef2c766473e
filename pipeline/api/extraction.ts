/** Exports everything that extraction needs in a browser, in one module that is loaded with the tables. */
export { default as JSON5 } from 'json5';
export { compileTables } from '../data/tables.ts';
export { extractMetadata } from '../extract/index.ts';
export { readRecord } from './record.ts';
