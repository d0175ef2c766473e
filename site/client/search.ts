/** The search box and its filters: results as you type, kept in the address. */
import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { type Filters, find } from './find.ts';
import { element, type Loaded, loadIndex, resultRow } from './load.ts';

const input = document.querySelector<HTMLInputElement>('#q');
const results = document.querySelector<HTMLOListElement>('#results');
const filters = document.querySelector<HTMLFormElement>('#filters');
const count = document.querySelector<HTMLElement>('#count');
const more = document.querySelector<HTMLButtonElement>('#more');

const PAGE = 30;
/** On pages that are about something else. */
const FEW = 8;
let shown = filters === null ? FEW : PAGE;

const NAMES = ['worker', 'device', 'family', 'format', 'license'] as const;
type Name = (typeof NAMES)[number];

function select(name: Name): HTMLSelectElement | undefined {
  const found = filters?.elements.namedItem(name);
  return found instanceof HTMLSelectElement ? found : undefined;
}

function chosen(): Filters {
  const values = NAMES.flatMap((name) => {
    const value = select(name)?.value ?? '';
    return value === '' ? [] : [[name, name === 'device' ? Number(value) : value] as const];
  });
  return Object.fromEntries(values);
}

async function update(): Promise<void> {
  if (input === null || results === null) return;
  const query = input.value.trim();
  if (filters === null && query === '') return results.replaceChildren();
  let loaded: Loaded;
  try {
    loaded = await loadIndex();
  } catch {
    return say('The search index did not load. Try again.');
  }
  // Of quick typing only the last counts.
  if (input.value.trim() !== query) return;
  const { places, fuzzy } = find(loaded, query, chosen());
  results.replaceChildren(...places.slice(0, shown).map((at) => resultRow(loaded, at, chosen().worker)));
  if (more !== null) more.hidden = places.length <= shown;
  say(describe(places.length, fuzzy && query !== ''));
}

function describe(found: number, fuzzy: boolean): string {
  if (found === 0) return 'Nothing that runs has such a name.';
  const models = found === 1 ? '1 model' : `${found.toLocaleString('en-GB')} models`;
  return fuzzy ? `${models}, with a letter overlooked` : models;
}

function say(words: string): void {
  if (count !== null) count.textContent = words;
  else if (results?.childElementCount === 0) results.replaceChildren(element('li', words));
}

/** The address keeps what was asked for, so that it can be shared and gone back to. */
function keepInAddress(): void {
  if (filters === null || filters.hidden || input === null) return;
  const kept = new URLSearchParams();
  if (input.value.trim() !== '') kept.set('q', input.value.trim());
  for (const [name, value] of Object.entries(chosen())) kept.set(name, String(value));
  history.replaceState(null, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}`);
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
    'worker',
    index.workers.map((id) => [id, id]),
  );
  fill(
    'device',
    DEVICE_GB.map((gb) => [String(gb), `${gb} GB`]),
  );
  fill(
    'family',
    rank(([family]) => [family]).map((name) => [name, name]),
  );
  fill(
    'format',
    rank(([, formats]) => formats).map((name) => [name, name]),
  );
  fill(
    'license',
    rank(([, , license]) => [license]).map((name) => [name, name]),
  );
}

function fill(name: Name, choices: readonly (readonly [value: string, label: string])[]): void {
  select(name)?.append(...choices.map(([value, label]) => new Option(label, value)));
}

/** What the address asked for when the page was opened; a choice that no model has finds none, and says so. */
const asked = new URLSearchParams(location.search);

function chooseAsked(): void {
  for (const name of NAMES) {
    const [choice, value] = [select(name), asked.get(name) ?? ''];
    if (choice === undefined) continue;
    if (![...choice.options].some((option) => option.value === value))
      choice.append(new Option(value, value));
    choice.value = value;
  }
}

async function start(): Promise<void> {
  if (input === null) return;
  if (filters !== null) input.value = asked.get('q') ?? '';
  input.addEventListener('input', () => {
    shown = filters === null ? FEW : PAGE;
    keepInAddress();
    void update();
  });
  input.addEventListener('focus', () => void loadIndex().catch(() => {}));
  filters?.addEventListener('change', () => {
    shown = PAGE;
    keepInAddress();
    void update();
  });
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
  // A phone would show its keyboard over the page.
  if (input.dataset.focus !== undefined && matchMedia('(min-width: 60rem)').matches) input.focus();
}

void start();
