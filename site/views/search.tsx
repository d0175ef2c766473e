/** The page of results: search.js fills what the index alone knows, and answers. */
import { ORDERS } from '../client/sort-places.ts';
import { link } from '../lib/matrix.ts';
import { Layout } from './layout.tsx';
import { MachineChoices } from './machine.tsx';
import { SearchBox } from './parts.tsx';

/** Words that many ask for: each chip puts one into the box. */
const CHIPS = [
  ['8gb', 'fits 8 GB'],
  ['12gb', 'fits 12 GB'],
  ['16gb', 'fits 16 GB'],
  ['24gb', 'fits 24 GB'],
  ['gguf', 'GGUF'],
  ['q4_k_m', 'Q4_K_M'],
  ['7b', 'about 7B'],
  ['chat', 'chat'],
  ['coding', 'coding'],
  ['image', 'images'],
  ['apache', 'Apache license'],
] as const;

export function SearchPage() {
  return (
    <Layout
      title="Models"
      description="Search the models that a local worker runs: by name, owner, size, memory, quantization, format, license or use."
      path="/search/"
      scripts={['/search.js']}
    >
      <h1>Models</h1>
      <SearchBox autoFocus />
      <p className="chips">
        {CHIPS.map(([word, label]) => (
          <button key={word} type="button" value={word} aria-pressed="false">
            {label}
          </button>
        ))}
      </p>
      <form id="filters" className="filters" hidden>
        <MachineChoices />
        <Filter name="family" label="Family" />
        <Filter name="format" label="Format" />
        <Filter name="license" label="License" />
        <label>
          Sort by
          <select name="sort">
            <option value="">best match, then downloads</option>
            {Object.entries(ORDERS).map(([order, words]) => (
              <option key={order} value={order}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </form>
      <noscript>
        <p>
          Search needs JavaScript. Without it, see the <a href={link('/workers/')}>workers</a> and their most
          downloaded models.
        </p>
      </noscript>
      <div className="answers">
        <p id="count" role="status" />
        <ol id="results" className="results" />
        <p>
          <button id="more" type="button" hidden>
            Show more
          </button>
        </p>
        <div id="others" />
      </div>
    </Layout>
  );
}

function Filter({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <label>
      {label}
      <select name={name} data-label={label}>
        <option value="">any</option>
      </select>
    </label>
  );
}
