/** Every page that a search engine should know, by path. */
import { matrix, segmentsOf, workers } from './matrix.ts';

export async function allPaths(): Promise<string[]> {
  const models = (await matrix.allowlist()).map((id) => `/models/${segmentsOf(id).join('/')}/`);
  return [
    ...['/', '/search/', '/workers/', '/matrix/', '/changes/', '/unlocks/', '/about/'],
    ...workers.map(({ id }) => `/workers/${id}/`),
    ...models,
  ];
}
