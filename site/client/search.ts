/** The search box and its filters: results as you type, kept in the address. */
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
  results.replaceChildren(...places.slice(0, shown).map((at) => resultRow(loaded, at)));
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
  if (filters === null || input === null) return;
  const asked = new URLSearchParams();
  if (input.value.trim() !== '') asked.set('q', input.value.trim());
  for (const [name, value] of Object.entries(chosen())) asked.set(name, String(value));
  history.replaceState(null, '', `${location.pathname}${asked.size > 0 ? `?${asked}` : ''}`);
}

const DEVICES = [8, 12, 16, 24, 32, 48, 64, 80, 96, 128, 192];

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
    DEVICES.map((gb) => [String(gb), `${gb} GB`]),
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

/** What the address asks for. */
function readAddress(): void {
  const asked = new URLSearchParams(location.search);
  if (input !== null) input.value = asked.get('q') ?? '';
  for (const name of NAMES) {
    const choice = select(name);
    if (choice !== undefined) choice.value = asked.get(name) ?? '';
  }
}

async function start(): Promise<void> {
  if (input === null) return;
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
      filters.hidden = false;
      readAddress();
    }
    await update();
  }
  // A phone would show its keyboard over the page.
  if (input.dataset.focus !== undefined && matchMedia('(min-width: 60rem)').matches) input.focus();
}

void start();
