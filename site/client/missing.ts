/** On the page "not found": says why the model of this address has no page, and offers the nearest that run. */
import { partName, placeOfHash } from '../../pipeline/lib/places.ts';
import type { Why } from '../lib/why.ts';
import { findNear } from './find.ts';
import { element, loadIndex, modelLink, root } from './load.ts';

const MOST_NEAR = 5;
const box = document.querySelector<HTMLElement>('#why');
const title = document.querySelector<HTMLElement>('#title');

/** owner/name of an address below models/; undefined elsewhere. */
function askedId(): string | undefined {
  const path = location.pathname.slice(root.pathname.length);
  const match = /^models\/([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)?)\/?$/.exec(path);
  return match?.[1]?.replace(/\.json$/, '');
}

interface Answer {
  readonly sentences: readonly (readonly [program: string, sentence: string])[];
  readonly copies: readonly string[];
}

/** undefined: the matrix does not know it. */
async function why(id: string): Promise<Answer | undefined> {
  const bits = Number(title?.dataset.shardBits);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const response = await fetch(new URL(`why/${partName(placeOfHash(hex), bits)}.json`, root));
  if (!response.ok) return undefined;
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
  const id = askedId();
  if (id === undefined || box === null || title === null) return;
  title.textContent = `${id} has no page`;
  const loaded = await loadIndex();
  const { index } = loaded;
  const same = index.ids.filter((other) => other.toLowerCase() === id.toLowerCase());
  if (same.length > 0) {
    title.textContent = 'It is spelt differently';
    return box.replaceChildren(element('ul', ...same.map((other) => element('li', modelLink(other, index)))));
  }
  // Browsers give the digest to pages from a safe origin only.
  const answer = globalThis.crypto?.subtle === undefined ? undefined : await why(id);
  const near = findNear(loaded, id, MOST_NEAR).map((at) => index.ids[at] ?? '');
  const offered = [...new Set([...(answer?.copies ?? []), ...near])];
  const list = element('ul', ...offered.map((other) => element('li', modelLink(other, index))));
  box.replaceChildren(...tell(id, answer, await goneSince(id)));
  if (offered.length > 0) box.append(element('h2', 'These run'), list);
}

void start().catch(() => {});
