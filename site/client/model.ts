/** The script of the page of a model: it copies commands, and answers for the machine of the visitor. */
import { once } from '../../pipeline/lib/once.ts';
import type { SiteWorker } from '../lib/chosen-workers.ts';
import { fetchCommands } from '../lib/commands.ts';
import { MARKS, markOf } from '../lib/marks.ts';
import { barParts } from '../lib/memory-bar.ts';
import type { modelJson } from '../lib/model.ts';
import { showCopyButton, showCopyButtons } from './copy-buttons.ts';
import { element } from './element.ts';
import { type Answer, answerFor, type MachineAnswer, sentenceOf, usableOn } from './fit-answer.ts';
import { machineIn, putInAddress, recallMachine, rememberMachine, showMachine } from './machine.ts';
import { makeTablesSortable } from './sortable-tables.ts';

/** The build puts them in, once for all pages. */
declare const WORKERS: readonly SiteWorker[];

type PageJson = ReturnType<typeof modelJson>;

const form = document.querySelector<HTMLFormElement>('#machine');
const box = document.querySelector<HTMLElement>('#answer');
/** The file that the page recommends to anybody: an answer for a machine replaces it. */
const take = document.querySelector<HTMLElement>('#take');

const loadPage = once(async (): Promise<PageJson> => {
  const response = await fetch(document.querySelector<HTMLAnchorElement>('#json')?.href ?? '');
  if (!response.ok) throw new TypeError(`${response.url}: ${response.status}`);
  return (await response.json()) as PageJson;
});

async function update(): Promise<void> {
  if (form === null || box === null) return;
  const machine = machineIn(form);
  if (Object.values(machine).every((value) => value === '')) return show([], false);
  try {
    const page = await loadPage();
    const answer = answerFor(page.fit, WORKERS, machine);
    if (answer === undefined) return show([element('p', 'The program has no such backend.')], false);
    show(describe(page, answer), answer.best.found?.answer === 'yes');
  } catch {
    show(
      [element('p', 'The facts of this page did not load. Check your connection and choose again.')],
      false,
    );
  }
}

function show(nodes: readonly Node[], replaces: boolean): void {
  box?.replaceChildren(...nodes);
  if (take !== null) take.hidden = replaces;
}

function describe(page: PageJson, { deviceGb, best, other }: MachineAnswer): Node[] {
  const head = element('p', element('b', sentenceOf(best, deviceGb)));
  const more = other === undefined ? [] : [element('p', `Another program: ${sentenceOf(other, deviceGb)}`)];
  return [head, ...bar(best, deviceGb), ...more, ...certainty(page, best), ...wayToGet(page, best)];
}

/** The bar of what it takes; nothing where it does not fit, or a part of it is not known. */
function bar({ worker, found }: Answer, deviceGb: number): Node[] {
  if (found?.answer !== 'yes') return [];
  const parts = barParts(found, deviceGb, usableOn(deviceGb, worker));
  const svg = drawing('svg', { width: '100%', height: '20', 'aria-hidden': 'true' });
  for (const { name, x, width } of parts)
    svg.append(drawing('rect', { class: `part-${name}`, x: `${x}%`, width: `${width}%`, height: '20' }));
  const items = parts.map(({ name, words }) => {
    const item = element('li', words);
    item.className = `part-${name}`;
    return item;
  });
  const figure = element('figure', svg, element('ul', ...items));
  figure.className = 'memory';
  return [figure];
}

/** Makes an element of a drawing. */
function drawing(name: 'svg' | 'rect', attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Tells how sure it is that this runs, with the defect that is reported; of a copy its own page says that. */
function certainty(page: PageJson, { worker, found }: Answer): Node[] {
  if (found === undefined || found.model !== page.id) return [];
  const verdict = [...page.verdicts, ...page.engines].find(({ workers }) => workers.includes(worker.id));
  if (verdict === undefined) return [];
  const { sign, word, meaning, className } = MARKS[markOf({ ...verdict, compatible: true })];
  const mark = element('span', `${sign} ${word}`);
  mark.className = `mark ${className}`;
  return [element('p', mark, ` ${verdict.defect ?? `${meaning}.`}`)];
}

/** The commands that fetch the file; of a copy a link to its page. */
function wayToGet(page: PageJson, { found }: Answer): Node[] {
  if (found?.answer !== 'yes' && found?.answer !== 'perhaps') return [];
  if (found.model !== page.id) return linkToCopy(found.model);
  const { variants } = page.facts;
  const variant = variants.find(({ id }) => id === found.variant);
  return variant === undefined ? [] : [commandBox(fetchCommands(page.id, variant, variants))];
}

function linkToCopy(id: string): Node[] {
  const known = [...document.querySelectorAll<HTMLAnchorElement>('#files-table a[data-model]')];
  const href = known.find(({ dataset }) => dataset.model === id)?.href;
  if (href === undefined) return [];
  const link = element('a', `The page of ${id}`);
  link.href = `${href}${location.search}`;
  return [element('p', link)];
}

function commandBox(lines: readonly string[]): HTMLElement {
  const button = element('button', 'Copy');
  button.type = 'button';
  button.className = 'copy';
  const command = element('div', element('pre', element('code', lines.join('\n'))), button);
  command.className = 'command';
  showCopyButton(button);
  return command;
}

function answerForMachine(): void {
  if (form === null) return;
  showMachine(form, recallMachine());
  form.hidden = false;
  form.addEventListener('change', () => {
    const machine = machineIn(form);
    rememberMachine(machine);
    putInAddress(machine);
    void update();
  });
  void update();
}

showCopyButtons();
makeTablesSortable();
answerForMachine();
