/** The search box and its filters: results as you type, kept in the address. */

import { element } from './element.ts';
import { type Filters, type Found, find, findRefused, NOTHING, readQuery, relax } from './find.ts';
import { listenToKeys } from './keys.ts';
import { idNodes, type Loaded, loadIndex, loadRefused, resultRow } from './load.ts';
import { machineIn, putInAddress, recallMachine, rememberMachine, selectIn } from './machine.ts';
import { leastNeed, needsOn, placesOf } from './needs.ts';
import { sortPlaces } from './sort-places.ts';
import { loadWhy } from './why.ts';

const input = document.querySelector<HTMLInputElement>('#q');
const results = document.querySelector<HTMLOListElement>('#results');
const others = document.querySelector<HTMLElement>('#others');
const filters = document.querySelector<HTMLFormElement>('#filters');
/** The bar "Your machine" on the first page; the page of results has the same among its filters. */
const machine = document.querySelector<HTMLFormElement>('#machine');
const count = document.querySelector<HTMLElement>('#count');
const more = document.querySelector<HTMLButtonElement>('#more');
const chips = [...document.querySelectorAll<HTMLButtonElement>('.chips button')];

const PAGE = 30;
/** The number of results on pages that are about something else. */
const FEW = 8;
const MOST_REFUSED = 5;
let shown = filters === null ? FEW : PAGE;

const NAMES = ['backend', 'device', 'program', 'family', 'format', 'license'] as const;
type Name = (typeof NAMES)[number];

const select = (name: Name) => selectIn(filters ?? machine, name);

function chosen(): Filters {
  const values = NAMES.flatMap((name) => {
    const value = select(name)?.value ?? '';
    return value === '' ? [] : [[name, name === 'device' ? Number(value) : value] as const];
  });
  return Object.fromEntries(values);
}

const query = () => input?.value.trim() ?? '';

async function update(): Promise<void> {
  if (results === null) return;
  const asked = query();
  markChips();
  if (filters === null && asked === '' && Object.keys(chosen()).length === 0) return clear();
  let loaded: Loaded;
  try {
    loaded = await loadIndex();
  } catch {
    return say('The list of models did not load. Check your connection and type again.');
  }
  const spelt = find(loaded, asked, chosen());
  // A model that is known and has no page is not misspelt.
  const refused = asked === '' ? [] : await refusedSection(asked, spelt).catch(() => []);
  // Of quick typing only the last counts.
  if (query() !== asked) return;
  const found = spelt.close && refused.length > 0 ? NOTHING : sorted(loaded, spelt);
  results.replaceChildren(...found.places.slice(0, shown).map(rowOf(loaded)));
  if (more !== null) more.hidden = found.places.length <= shown;
  say(describe(found));
  others?.replaceChildren(...unsureSection(loaded, found), ...emptySection(loaded, found), ...refused);
}

/** Returns what was found in the order that the visitor chose; the best matches come first where none was. */
function sorted({ index }: Loaded, found: Found): Found {
  const order = selectIn(filters, 'sort')?.value ?? '';
  if (order === '') return found;
  const byOrder = (places: readonly number[]) =>
    sortPlaces(index, places, order, needsOn(index, placesOf(index, chosen())));
  return { ...found, places: byOrder(found.places), unsure: byOrder(found.unsure) };
}

/** Returns a function that makes the row of a result, with the memory on the workers that are meant. */
function rowOf(loaded: Loaded): (at: number) => HTMLLIElement {
  const needsOf = needsOn(loaded.index, placesOf(loaded.index, chosen()));
  return (at) => resultRow(loaded, at, leastNeed(needsOf(at)));
}

function clear(): void {
  results?.replaceChildren();
  others?.replaceChildren();
}

function describe({ places, unsure, close }: Found): string {
  const models = (n: number) => (n === 1 ? '1 model' : `${n.toLocaleString('en-GB')} models`);
  if (places.length + unsure.length === 0) return 'No model that runs is called so.';
  if (close) return `Nothing is called “${query()}”. Close spellings: ${models(places.length)}`;
  return models(places.length);
}

function say(words: string): void {
  if (count !== null) count.textContent = words;
  else if (results?.childElementCount === 0) results.replaceChildren(element('li', words));
}

/** Models that may fit the memory: a fact is missing to tell. */
function unsureSection(loaded: Loaded, { unsure }: Found): Node[] {
  if (unsure.length === 0) return [];
  const list = element('ol', ...unsure.slice(0, shown).map(rowOf(loaded)));
  list.className = 'results';
  const title = element('h2', `Not sure (${unsure.length.toLocaleString('en-GB')})`);
  return [title, element('p', 'How much memory these take is not known, or only in part.'), list];
}

/** Returns a section that tells which filter emptied the list, with a button that drops it; nothing for a list that is not empty. */
function emptySection(loaded: Loaded, { places, unsure }: Found): Node[] {
  if (filters === null || places.length + unsure.length > 0) return [];
  return relax(loaded, query(), chosen())
    .slice(0, 3)
    .map(({ without, found }) => {
      const isWord = typeof without === 'object';
      const what = isWord ? `“${without.word}”` : `${labelOf(without)} ${choiceOf(without)}`;
      const button = element('button', `Drop ${what}`);
      button.type = 'button';
      button.addEventListener('click', () => (isWord ? dropWord(without.word) : dropFilter(without)));
      const models = found === 1 ? '1 model' : `${found.toLocaleString('en-GB')} models`;
      return element('p', `Without ${what} there ${found === 1 ? 'is' : 'are'} ${models}. `, button);
    });
}

const labelOf = (name: Name) => (select(name)?.dataset.label ?? name).toLowerCase();
const choiceOf = (name: Name) => select(name)?.selectedOptions[0]?.textContent ?? '';

function dropFilter(name: Name): void {
  const choice = select(name);
  if (choice !== undefined) choice.value = '';
  ask();
}

function dropWord(word: string): void {
  if (input === null) return;
  input.value = (readQuery(input.value) ?? []).filter((other) => other !== word).join(' ');
  ask();
}

/** Models that were asked for and have no page, grey, each with the reason. */
async function refusedSection(asked: string, { places, close }: Found): Promise<Node[]> {
  const { refused, names } = await loadRefused();
  const found = findRefused(names, refused, asked, MOST_REFUSED);
  const rows = found.map((at) =>
    refusedRow(refused.ids[at] ?? '', refused.reasons[refused.reason[at] ?? -1]),
  );
  if (rows.length === 0 && (places.length === 0 || close)) rows.push(...(await lookUp(asked)));
  if (rows.length === 0) return [];
  const list = element('ul', ...rows);
  list.className = 'results refused';
  return [element('h2', 'Not here, and why'), list];
}

/** An id, as it is or in an address, that is not among the most downloaded is looked up in the file of its shard. */
async function lookUp(asked: string): Promise<HTMLLIElement[]> {
  const [id = '', ...rest] = readQuery(asked) ?? [];
  const bits = Number(input?.dataset.shardBits);
  if (rest.length > 0 || !/^[\w.-]+\/[\w.-]+$/.test(id)) return [];
  const answer = await loadWhy(id, bits);
  return answer === undefined ? [] : [refusedRow(id, answer.sentences[0]?.[1])];
}

const refusedRow = (id: string, reason = '') =>
  element('li', element('b', ...idNodes(id)), ' ', element('small', reason));

function keepMachine(): void {
  if (filters === null && machine === null) return;
  const chosenNow = machineIn(filters ?? machine);
  rememberMachine(chosenNow);
  if (filters === null) putInAddress(chosenNow);
}

/** The address keeps what was asked for, so that it can be shared and gone back to. */
function keepInAddress(): void {
  keepMachine();
  if (filters === null || filters.hidden) return;
  const kept = new URLSearchParams();
  if (query() !== '') kept.set('q', query());
  for (const [name, value] of Object.entries({ ...chosen(), sort: selectIn(filters, 'sort')?.value ?? '' }))
    if (value !== '') kept.set(name, String(value));
  history.replaceState(null, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}`);
}

/** Shows the answers to what the box and the filters ask. */
function ask(): void {
  shown = filters === null ? FEW : PAGE;
  keepInAddress();
  void update();
}

/** The choices of each filter, the most frequent first. */
function fillFilters({ index }: Loaded): void {
  const times = new Map<number, number>();
  for (const group of index.group) times.set(group, (times.get(group) ?? 0) + 1);
  const rank = (pick: (group: (typeof index.groups)[number]) => readonly string[]) => {
    const counts = new Map<string, number>();
    for (const [at, group] of index.groups.entries())
      for (const name of pick(group)) counts.set(name, (counts.get(name) ?? 0) + (times.get(at) ?? 0));
    return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  };
  fill(
    'family',
    rank(([family]) => (family === 'unknown' ? [] : [family])),
  );
  fill(
    'format',
    rank(([, formats]) => formats),
  );
  fill(
    'license',
    rank(([, , license]) => (license === 'unknown' ? [] : [license])),
  );
}

function fill(name: Name, choices: readonly string[]): void {
  select(name)?.append(...choices.map((value) => new Option(value, value)));
}

/** The choices in the address when the page was opened; a choice that no model has finds none, and says so. */
const asked = new URLSearchParams(location.search);

function chooseAsked(): void {
  const recalled: Readonly<Record<string, string>> = { ...recallMachine() };
  for (const name of NAMES) {
    const [choice, value] = [select(name), asked.get(name) ?? recalled[name] ?? ''];
    if (choice === undefined) continue;
    if (![...choice.options].some((option) => option.value === value))
      choice.append(new Option(value, value));
    choice.value = value;
  }
  const sort = selectIn(filters, 'sort');
  if (sort !== undefined && asked.has('sort')) sort.value = asked.get('sort') ?? '';
}

/** Each chip is a word of the query that it adds or takes away. */
function listenToChips(): void {
  for (const chip of chips)
    chip.addEventListener('click', () => {
      if (input === null) return;
      const word = chip.value;
      const words = input.value.split(/\s+/).filter((one) => one !== '');
      const has = words.includes(word);
      input.value = (has ? words.filter((one) => one !== word) : [...words, word]).join(' ');
      ask();
    });
}

function markChips(): void {
  const words = query().split(/\s+/);
  for (const chip of chips) chip.setAttribute('aria-pressed', String(words.includes(chip.value)));
}

async function start(): Promise<void> {
  if (input === null) return;
  if (filters !== null) input.value = asked.get('q') ?? '';
  input.addEventListener('input', ask);
  input.addEventListener('focus', () => void loadIndex().catch(() => {}));
  (filters ?? machine)?.addEventListener('change', ask);
  listenToKeys(input);
  listenToChips();
  // Results are there already: nothing to send.
  if (filters !== null) input.form?.addEventListener('submit', (event) => event.preventDefault());
  more?.addEventListener('click', () => {
    shown += PAGE;
    void update();
  });
  if (filters !== null) {
    const loaded = await loadIndex().catch(() => undefined);
    if (loaded !== undefined) {
      fillFilters(loaded);
      chooseAsked();
      filters.hidden = false;
    }
    await update();
  }
  if (machine !== null) {
    chooseAsked();
    machine.hidden = false;
    await update();
  }
  // A phone would show its keyboard over the page.
  if (input.dataset.focus !== undefined && matchMedia('(min-width: 60rem)').matches) input.focus();
}

void start();
