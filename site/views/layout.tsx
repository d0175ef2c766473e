/** What every page has: head, navigation, footer. */
import type { ReactNode } from 'react';
import { address, link, matrix } from '../lib/matrix.ts';

/**
 * Hosts that send headers send the same (public/_headers). Nothing inline, nothing from elsewhere; `connect-src` is for
 * the search index.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";

const PAGES = [
  ['/search/', 'Models'],
  ['/workers/', 'Workers'],
  ['/matrix/', 'Matrix'],
  ['/changes/', 'Changes'],
  ['/unlocks/', 'Unlocks'],
  ['/about/', 'About'],
] as const;

export interface LayoutProps {
  readonly title: string;
  readonly description: string;
  /** The page's own path; undefined for one that has many. */
  readonly path: string | undefined;
  /** Scripts of the site, by path. No page needs one to be read. */
  readonly scripts?: readonly string[];
  readonly children: ReactNode;
}

export function Layout({ title, description, path, scripts = [], children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={description} />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={link('/style.css')} />
        <link rel="icon" href={link('/icon.svg')} type="image/svg+xml" />
        {path !== undefined && <link rel="canonical" href={address(path)} />}
        <link rel="alternate" type="application/atom+xml" href={link('/feed.xml')} title="Changes" />
        {scripts.map((script) => (
          <script key={script} src={link(script)} defer />
        ))}
      </head>
      <body>
        <a className="skip" href="#main">
          To the content
        </a>
        <header>
          <nav aria-label="Site">
            <a className="home" href={link('/')}>
              <Mark /> rbee models
            </a>
            {PAGES.map(([to, name]) => (
              <a key={to} href={link(to)} aria-current={path === to ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
        </header>
        <main id="main">{children}</main>
        <footer>
          <p>
            As of {matrix.header.date.slice(0, 10)}. A model that no worker runs has no page.{' '}
            <a href={link('/about/')}>How this is found out</a>
          </p>
        </footer>
      </body>
    </html>
  );
}

/** A cell of a comb. */
function Mark() {
  return (
    <svg width="20" height="22" viewBox="0 0 20 22" aria-hidden="true">
      <path d="M10 1 19 6v10l-9 5-9-5V6z" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M6 11l3 3 5-6" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
