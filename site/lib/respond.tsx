/** Answers of route handlers: an HTML page, XML, JSON, a script, a picture. */
import { createRequire } from 'node:module';
import type { ReactElement } from 'react';
import { xmlText } from './xml.ts';

/** Next forbids importing it where pages are made of server components; these are not. */
const { renderToStaticMarkup } = createRequire(import.meta.url)(
  'react-dom/server',
) as typeof import('react-dom/server');

const respond = (body: string, type: string) =>
  new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } });

export const html = (page: ReactElement) =>
  respond(`<!doctype html>${renderToStaticMarkup(page)}\n`, 'text/html');
export const xml = (root: Parameters<typeof xmlText>[0]) => respond(xmlText(root), 'application/xml');
export const json = (value: unknown) => respond(`${JSON.stringify(value)}\n`, 'application/json');
export const text = (body: string, type = 'text/plain') => respond(body, type);
export const png = (picture: Buffer) =>
  new Response(new Uint8Array(picture), { headers: { 'content-type': 'image/png' } });
