/** The bar "Your machine": what the visitor chose is in the address, else as this browser remembers it. */

/** The choices of a visitor; an empty string: nothing was chosen. */
export interface Machine {
  readonly backend: string;
  /** The memory of the device in GB. */
  readonly device: string;
  readonly program: string;
}

const NAMES = ['backend', 'device', 'program'] as const satisfies readonly (keyof Machine)[];
const KEY = 'machine';

const machineOf = (chosen: (name: keyof Machine) => unknown): Machine => {
  const text = (name: keyof Machine) => String(chosen(name) ?? '');
  return { backend: text('backend'), device: text('device'), program: text('program') };
};

/** Returns what the address says, where it says anything, else what was chosen last. */
export function recallMachine(): Machine {
  const asked = new URLSearchParams(location.search);
  if (NAMES.some((name) => asked.has(name))) return machineOf((name) => asked.get(name));
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Machine>;
    return machineOf((name) => kept[name]);
  } catch {
    // Storage that is refused or damaged remembers nothing.
    return machineOf(() => '');
  }
}

export function rememberMachine(machine: Machine): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(machine));
  } catch {
    // The address keeps it all the same.
  }
}

/** Puts a machine into the address, beside what else it says. */
export function putInAddress(machine: Machine): void {
  const kept = new URLSearchParams(location.search);
  for (const name of NAMES) {
    if (machine[name] === '') kept.delete(name);
    else kept.set(name, machine[name]);
  }
  history.replaceState(null, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}${location.hash}`);
}

/** Returns one of the choices of a form. */
export function selectIn(form: HTMLFormElement | null, name: string): HTMLSelectElement | undefined {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLSelectElement ? found : undefined;
}

/** Returns what a form says of the machine. */
export const machineIn = (form: HTMLFormElement | null): Machine =>
  machineOf((name) => selectIn(form, name)?.value);

/** Shows a machine in a form; a value that is no choice leaves nothing chosen. */
export function showMachine(form: HTMLFormElement, machine: Machine): void {
  for (const name of NAMES) {
    const select = selectIn(form, name);
    if (select !== undefined && [...select.options].some(({ value }) => value === machine[name]))
      select.value = machine[name];
  }
}
