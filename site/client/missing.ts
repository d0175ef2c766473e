/** Says on the page "not found" why the model of this address has no page, and offers the nearest that run. */
import type { Gone } from '../lib/gone.ts';
import type { SiteIndex } from '../lib/site-index.ts';
import { element } from './element.ts';
import { findNear } from './find.ts';
import { loadIndex, modelLink, root } from './load.ts';
import { type Answer, loadWhy } from './why.ts';

const MOST_NEAR = 5;
const box = document.querySelector<HTMLElement>('#why');
const title = document.querySelector<HTMLElement>('#title');

/** Ids that an address below models/ may mean: owner/name, the page of OWNER/NAME.json, or what once had this path. */
function askedIds(gone: Readonly<Record<string, Gone>>): string[] {
  const path = location.pathname.slice(root.pathname.length);
  const asked = /^models\/([A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)?)\/?$/.exec(path)?.[1];
  if (asked === undefined) return [];
  const former = Object.entries(gone).find(([, page]) => page.path === asked)?.[0];
  if (former !== undefined) return [former];
  const id = asked.replaceAll(HASH, '');
  return id.endsWith('.json') ? [id, id.slice(0, -'.json'.length)] : [id];
}

/** Matches what a part of a path has that is no part of an id. */
const HASH = /~[0-9a-f]{8}(?=\/|$)|~/g;

async function loadGone(): Promise<Readonly<Record<string, Gone>>> {
  const response = await fetch(new URL('gone.json', root));
  return response.ok ? ((await response.json()) as Record<string, Gone>) : {};
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
  const gone = await loadGone();
  const [id, ...others] = askedIds(gone);
  if (id === undefined || box === null || title === null) return;
  const { index, ...finder } = await loadIndex();
  const meant = [id, ...others].map((one) => one.toLowerCase());
  const same = index.ids.filter((other) => meant.includes(other.toLowerCase()));
  if (same.length > 0) {
    title.textContent = 'Its page is elsewhere';
    return box.replaceChildren(list(same, index));
  }
  title.textContent = `${id} has no page`;
  const answer = await loadWhy(id, Number(title.dataset.shardBits));
  const since = Object.hasOwn(gone, id) ? gone[id] : undefined;
  const near = findNear({ index, ...finder }, id, MOST_NEAR).map((at) => index.ids[at] ?? '');
  const offered = [...new Set([...(answer?.copies ?? []), ...near])];
  box.replaceChildren(...tell(id, answer, since));
  if (offered.length > 0) box.append(element('h2', 'These run'), list(offered, index));
}

const list = (ids: readonly string[], index: SiteIndex) =>
  element('ul', ...ids.map((id) => element('li', modelLink(id, index))));

// The page keeps what is true of all such addresses where the look-up fails.
void start().catch(() => {});
