/** Shows the row of "Will it fit?" that is of the visitor's machine, on top of the page of a model. */
import { choose, putInAddress, recallMachine, rememberMachine } from './machine.ts';

const form = document.querySelector<HTMLFormElement>('#machine');
const answer = document.querySelector<HTMLElement>('#answer');

function select(name: string): HTMLSelectElement | null {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLSelectElement ? found : null;
}

/** The id, the program and the backend of each worker; the build puts them in, once for all pages. */
declare const WORKER_NAMES: readonly (readonly [id: string, name: string, backend: string])[];

const bodies = [...document.querySelectorAll<HTMLElement>('.fit tbody')];

/** The workers of the table, and the one that is chosen; the others run no copy. */
function fillWorkers(chosen: string): void {
  const running = new Set(bodies.flatMap((body) => body.dataset.workers?.split(' ') ?? []));
  for (const [id, name, backend] of WORKER_NAMES)
    if (running.has(id) || id === chosen) select('worker')?.append(new Option(`${name} on ${backend}`, id));
}

/**
 * Returns the answer of the table for a device in GB: the last step that is no larger. Without a worker it reads the
 * first body of the table, the marketplace's.
 */
function answerFor(worker: string, device: number): string | undefined {
  const body =
    worker === '' ? bodies[0] : bodies.find((one) => one.dataset.workers?.split(' ').includes(worker));
  const steps = [...(body?.querySelectorAll<HTMLElement>('tr') ?? [])];
  const step = steps.findLast((row) => Number(row.dataset.gb) <= device);
  return step?.querySelector('.answer')?.textContent ?? undefined;
}

function show(): void {
  if (answer === null) return;
  const [worker, device] = [select('worker')?.value ?? '', select('device')?.value ?? ''];
  const name = worker === '' ? '' : ` with ${select('worker')?.selectedOptions[0]?.textContent}`;
  const found = device === '' ? undefined : answerFor(worker, Number(device));
  if (device === '') answer.textContent = '';
  else answer.textContent = `On ${device} GB${name}: ${found ?? 'No copy of these weights is known to run.'}`;
}

/** Shows the bar "Your machine", and the answer for what it says. */
export function answerForMachine(): void {
  if (form === null) return;
  const machine = recallMachine();
  fillWorkers(machine.worker);
  choose(select('worker'), machine.worker);
  choose(select('device'), machine.device);
  form.hidden = false;
  form.addEventListener('change', () => {
    const chosen = { worker: select('worker')?.value ?? '', device: select('device')?.value ?? '' };
    rememberMachine(chosen);
    putInAddress(chosen);
    show();
  });
  show();
}
