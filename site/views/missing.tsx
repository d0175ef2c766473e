/** The page that any address without a page shows: missing.js tells why there is none. */
import { link, matrix } from '../lib/matrix.ts';
import { Layout } from './layout.tsx';
import { SearchBox } from './parts.tsx';

export function MissingPage() {
  return (
    <Layout
      title="No such page"
      description="Why a model has no page."
      path={undefined}
      scripts={['/missing.js', '/search.js']}
    >
      <h1 id="title" data-shard-bits={matrix.header.shardBits}>
        There is no such page
      </h1>
      <div id="why" aria-live="polite">
        <p>
          A model that no worker of the marketplace runs has no page, and neither has one that the Hub does
          not list. <a href={link('/about/')}>How this is found out</a>
        </p>
      </div>
      <h2>Look for one that runs</h2>
      <SearchBox />
      <ol id="results" className="results" aria-live="polite" />
      <div id="others" />
    </Layout>
  );
}
