/** On the page "not found": says why the model of this address has no page, and offers the nearest that run. */
import { partName, placeOfHash } from '../../pipeline/lib/places.ts';
import { sha256 } from '../../pipeline/read/http.ts';
import type { Why } from '../lib/why.ts';
import { findNear, type SiteIndex } from './find.ts';
import { element, loadIndex, modelLink, root } from './load.ts';

const MOST_NEAR = 5;
const box = document.querySelector<HTMLElement>('#why');
const title = document.querySelector<HTMLElement>('#title');

/** Ids that an address below models/ may mean: owner/name, or the page of OWNER/NAME.json. */
function askedIds(): string[] {
  const path = location.pathname.slice(root.pathname.length);
  const id = /^models\/([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?)\/?$/.exec(path)?.[1];
  if (id === undefined) return [];
  return id.endsWith('.json') ? [id, id.slice(0, -'.json'.length)] : [id];
}

interface Answer {
  readonly sentences: readonly (readonly [program: string, sentence: string])[];
  readonly copies: readonly string[];
}

/**
 * undefined: the matrix does not know it.
 *
 * @throws Error where that cannot be looked up: browsers give the digest to pages from a safe origin only.
 */
async function why(id: string): Promise<Answer | undefined> {
  const bits = Number(title?.dataset.shardBits);
  const hex = await sha256(id);
  const response = await fetch(new URL(`why/${partName(placeOfHash(hex), bits)}.json`, root));
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`why: ${response.status}`);
  const { answers, models } = (await response.json()) as Why;
  if (!Object.hasOwn(models, id)) return undefined;
  const [answer = -1, ...copies] = models[id] ?? [];
  return { sentences: answers[answer] ?? [], copies };
}

interface Gone {
  readonly on: string;
  readonly reasons: readonly string[];
}

async function goneSince(id: string): Promise<Gone | undefined> {
  const response = await fetch(new URL('gone.json', root));
  const gone = response.ok ? ((await response.json()) as Record<string, Gone>) : {};
  return Object.hasOwn(gone, id) ? gone[id] : undefined;
}

function tell(id: string, answer: Answer | undefined, gone: Gone | undefined): Node[] {
  const since =
    gone === undefined ? [] : [element('p', `It had a page until ${gone.on}. ${gone.reasons.join(' ')}`)];
  if (answer === undefined) {
    return since.length > 0
      ? since
      : [
          element(
            'p',
            element('b', id),
            ' was not in the listing of the Hub that was read: it is not public, or the name is another.',
          ),
        ];
  }
  const items = answer.sentences.map(([program, sentence]) =>
    element('li', sentence.includes(program) ? sentence : `${program}: ${sentence}`),
  );
  return [
    ...since,
    element('p', 'It was judged, and no worker of the marketplace runs it:'),
    element('ul', ...items),
  ];
}

async function start(): Promise<void> {
  const [id, ...others] = askedIds();
  if (id === undefined || box === null || title === null) return;
  const { index, ...finder } = await loadIndex();
  const meant = [id, ...others].map((one) => one.toLowerCase());
  const same = index.ids.filter((other) => meant.includes(other.toLowerCase()));
  if (same.length > 0) {
    title.textContent = 'Its page is elsewhere';
    return box.replaceChildren(list(same, index));
  }
  title.textContent = `${id} has no page`;
  const [answer, gone] = [await why(id), await goneSince(id)];
  const near = findNear({ index, ...finder }, id, MOST_NEAR).map((at) => index.ids[at] ?? '');
  const offered = [...new Set([...(answer?.copies ?? []), ...near])];
  box.replaceChildren(...tell(id, answer, gone));
  if (offered.length > 0) box.append(element('h2', 'These run'), list(offered, index));
}

const list = (ids: readonly string[], index: SiteIndex) =>
  element('ul', ...ids.map((id) => element('li', modelLink(id, index))));

// What cannot be looked up is not told: the page says what is true of all such addresses.
void start().catch(() => {});
