/** The files that a build in one part would hold, asked of the routes themselves: file -> its text. */
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';

interface Route {
  readonly GET: (request: Request, context: { params: Promise<object> }) => Response | Promise<Response>;
  readonly generateStaticParams?: () => Params[] | Promise<Params[]>;
}
type Params = Readonly<Record<string, string | readonly string[]>>;

const APP = new URL('../app/', import.meta.url);

/** Returns those of the out/ and for the address that the environment names when this is first called. */
export async function filesOfOnePart(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of await glob('**/route.{ts,tsx}', { cwd: fileURLToPath(APP) })) {
    const { GET, generateStaticParams } = (await import(new URL(path, APP).href)) as Route;
    for (const params of (await generateStaticParams?.()) ?? [{}]) {
      const answer = await GET(new Request('http://localhost/'), { params: Promise.resolve(params) });
      files.set(fill(path.replace(/\/route\.tsx?$/, ''), params), await answer.text());
    }
  }
  return files;
}

/** `models/[...path]` -> `models/a/b/index.html` */
function fill(path: string, params: Params): string {
  return path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => [params[name] ?? []].flat().join('/'));
}
