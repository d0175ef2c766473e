/** The bar "Your machine": a script shows it, for without one it could answer nothing. */
import type { ReactNode } from 'react';
import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { groupBy } from '../../pipeline/lib/group.ts';
import { workers } from '../lib/matrix.ts';
import { programs } from '../lib/programs.ts';
import { BACKEND_WORDS } from '../lib/words.ts';

/** The bar "Your machine". `children`: the workers to choose from, where no script fills them in. */
export function MachineBar({ children }: { readonly children?: ReactNode }) {
  return (
    <form id="machine" className="filters machine" hidden aria-label="Your machine">
      <label>
        Memory of your device
        <select name="device" data-label="Memory">
          <option value="">not chosen</option>
          <DeviceOptions />
        </select>
      </label>
      <label>
        Program and backend
        <select name="worker" data-label="Worker">
          <option value="">those of the marketplace</option>
          {children}
        </select>
      </label>
    </form>
  );
}

export function DeviceOptions() {
  return DEVICE_GB.map((gb) => (
    <option key={gb} value={gb}>
      {gb} GB
    </option>
  ));
}

/** The backends of each program, the marketplace's own first. */
export function WorkerOptions() {
  const of = groupBy(workers, ({ program }) => program);
  return programs.map(({ program, name }) => (
    <optgroup key={program} label={name}>
      {of.get(program)?.map(({ id, backend }) => (
        <option key={id} value={id}>
          {name} on {BACKEND_WORDS[backend]}
        </option>
      ))}
    </optgroup>
  ));
}
