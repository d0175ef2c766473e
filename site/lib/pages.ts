/** Every page that a search engine should know, by path. */
import { matrix, modelPath, workers } from './matrix.ts';

export async function allPaths(): Promise<string[]> {
  const models = (await matrix.allowlist()).map(modelPath);
  return [
    ...['/', '/search/', '/workers/', '/matrix/', '/changes/', '/wanted/', '/about/'],
    ...workers.map(({ id }) => `/workers/${id}/`),
    ...models,
  ];
}
