/** The page of results: its filters are filled from the index by search.js. */
import { link } from '../lib/matrix.ts';
import { Layout } from './layout.tsx';
import { SearchBox } from './parts.tsx';

const FILTERS = [
  ['worker', 'Worker'],
  ['device', 'Device memory'],
  ['family', 'Family'],
  ['format', 'Format'],
  ['license', 'License'],
] as const;

export function SearchPage() {
  return (
    <Layout
      title="Models"
      description="Search the models that a local worker runs."
      path="/search/"
      scripts={['/search.js']}
    >
      <h1>Models</h1>
      <SearchBox autoFocus />
      <form id="filters" className="filters" hidden>
        {FILTERS.map(([name, label]) => (
          <label key={name}>
            {label}
            <select name={name}>
              <option value="">any</option>
            </select>
          </label>
        ))}
      </form>
      <noscript>
        <p>
          Search needs JavaScript. Without it, see the <a href={link('/workers/')}>workers</a> and their most
          downloaded models.
        </p>
      </noscript>
      <p id="count" role="status" />
      <ol id="results" className="results" />
      <p>
        <button id="more" type="button" hidden>
          Show more
        </button>
      </p>
    </Layout>
  );
}
