/** The machine of the visitor, a worker and the memory of a device: in the address, else as this browser remembers it. */

export interface Machine {
  /** Id of a worker; empty: the marketplace's own. */
  readonly worker: string;
  /** The memory of the device in GB; empty: none was chosen. */
  readonly device: string;
}

const KEY = 'machine';

/** Returns what the address says, where it says anything, else what was chosen last. */
export function recallMachine(): Machine {
  const asked = new URLSearchParams(location.search);
  if (asked.has('worker') || asked.has('device'))
    return { worker: asked.get('worker') ?? '', device: asked.get('device') ?? '' };
  try {
    const { worker, device } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Machine>;
    return { worker: String(worker ?? ''), device: String(device ?? '') };
  } catch {
    // Storage that is refused or damaged remembers nothing.
    return { worker: '', device: '' };
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
export function putInAddress({ worker, device }: Machine): void {
  const kept = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries({ worker, device })) {
    if (value === '') kept.delete(name);
    else kept.set(name, value);
  }
  history.replaceState(null, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}${location.hash}`);
}

/** Chooses a value; one that is no choice leaves the first. */
export function choose(select: HTMLSelectElement | null, value: string): void {
  if (select !== null && [...select.options].some((option) => option.value === value)) select.value = value;
}
