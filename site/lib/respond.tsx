/** Answers of route handlers: an HTML page, XML, JSON, a script. */
import { createRequire } from 'node:module';
import type { ReactElement } from 'react';

/** Next forbids importing it where pages are made of server components; these are not. */
const { renderToStaticMarkup } = createRequire(import.meta.url)(
  'react-dom/server',
) as typeof import('react-dom/server');

const respond = (body: string, type: string) =>
  new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } });

export const html = (page: ReactElement) =>
  respond(`<!doctype html>${renderToStaticMarkup(page)}\n`, 'text/html');
export const xml = (root: ReactElement) =>
  respond(`<?xml version="1.0" encoding="utf-8"?>\n${renderToStaticMarkup(root)}\n`, 'application/xml');
export const json = (value: unknown) => respond(`${JSON.stringify(value)}\n`, 'application/json');
export const text = (body: string, type = 'text/plain') => respond(body, type);
