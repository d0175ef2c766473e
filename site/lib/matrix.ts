/** The out/ that the site is built from, opened once per process, and what all pages ask of it. */
import { resolve } from 'node:path';
import { prefixOf } from '../../pipeline/format/prefix-of.ts';
import { openMatrix } from '../../pipeline/read/node.ts';
import { findOddPaths } from './paths.ts';
import { OUT, SITE_URL } from './settings.ts';

export const matrix = await openMatrix(resolve(OUT));
export const workers = await matrix.workers();
export const workerById: ReadonlyMap<string, (typeof workers)[number]> = new Map(
  workers.map((worker) => [worker.id, worker]),
);
export const gateWorkers = workers.filter(({ gate }) => gate);

const allowlist = await matrix.allowlist();
const odd = findOddPaths(allowlist);
const allowed = new Set(allowlist);

export const hasPage = (id: string) => allowed.has(id);
/** Neighbours in a data shard come one after the other, so that it is read once. */
export const idsByShard = () =>
  allowlist
    .map((id) => ({ id, prefix: prefixOf(id) }))
    .sort((a, b) => a.prefix - b.prefix)
    .map(({ id }) => id);

const idOf = new Map([...odd].map(([id, path]) => [path, id]));
/** `owner/name`, or a part of a path that replaces it. */
export const segmentsOf = (id: string) => (odd.get(id) ?? id).split('/');
export const idAt = (segments: readonly string[]) => idOf.get(segments.join('/')) ?? segments.join('/');
export const oddPaths = () => Object.fromEntries(odd);

const base = new URL(SITE_URL).pathname.replace(/\/$/, '');
/** A path of the site as a link: hosts may serve it below a folder. */
export const link = (path: string) => `${base}${path}`;
/** The path of a model's page. */
export const modelPath = (id: string) => `/models/${odd.get(id) ?? id}/`;
export const modelLink = (id: string) => link(modelPath(id));
export const workerLink = (id: string) => link(`/workers/${id}/`);
/** Returns an address with host, as feeds and sitemaps want it. */
export const address = (path: string) => new URL(link(path), SITE_URL).href;
