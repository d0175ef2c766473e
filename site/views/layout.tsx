/** The parts that every page has: head, navigation, footer. */
import type { ReactNode } from 'react';
import type { JsonLd } from '../lib/json-ld.ts';
import { address, link, matrix } from '../lib/matrix.ts';
import { SITE_NAME } from '../lib/settings.ts';

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
  ['/wanted/', 'Wanted'],
  ['/about/', 'About'],
] as const;

export interface LayoutProps {
  readonly title: string;
  readonly description: string;
  /** The page's own path; undefined for one that has many. */
  readonly path: string | undefined;
  /** Scripts of the site, by path. No page needs one to be read. */
  readonly scripts?: readonly string[];
  /** The path of the picture that cards show, 1200 by 630 pixels or half of that; by default that of the site. */
  readonly picture?: string | undefined;
  readonly jsonLd?: JsonLd;
  readonly children: ReactNode;
}

export function Layout(props: LayoutProps) {
  const { title, path, scripts = [], children } = props;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{titleOf(title)}</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={link('/style.css')} />
        <link rel="icon" href={link('/icon-32.png')} sizes="32x32" type="image/png" />
        <link rel="icon" href={link('/icon.svg')} sizes="any" type="image/svg+xml" />
        <link rel="apple-touch-icon" href={link('/icon-180.png')} />
        <Card {...props} />
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
            Facts of <time dateTime={matrix.header.date}>{matrix.header.date.slice(0, 10)}</time>. A model
            that no worker runs has no page. <a href={link('/about/')}>How this is found out</a>
          </p>
        </footer>
      </body>
    </html>
  );
}

/** The first page is called by the name of the site alone. */
const titleOf = (title: string) => (title.startsWith(SITE_NAME) ? title : `${title} | ${SITE_NAME}`);

/** Shows what search engines, and programs that show a card for a link, read. */
function Card({ title, description, path, picture = '/card.png', jsonLd }: LayoutProps) {
  return (
    <>
      <meta name="description" content={description} />
      {path !== undefined && <link rel="canonical" href={address(path)} />}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={SITE_NAME} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      {path !== undefined && <meta property="og:url" content={address(path)} />}
      <meta property="og:image" content={address(picture)} />
      <meta property="og:image:alt" content={title} />
      <meta name="twitter:card" content="summary_large_image" />
      {jsonLd !== undefined && (
        <script
          type="application/ld+json"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in which no tag can begin, and React would escape its quotes.
          dangerouslySetInnerHTML={{ __html: JSON.stringify(jsonLd).replaceAll('<', '\\u003c') }}
        />
      )}
    </>
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
