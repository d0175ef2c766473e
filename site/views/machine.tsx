/** The choices "Your machine": a script shows them, for without one they could answer nothing. */
import { DEVICE_GB } from '../../pipeline/evaluate/memory-device.ts';
import { ANY_PROGRAM } from '../lib/chosen-workers.ts';
import { workers } from '../lib/matrix.ts';
import { programs } from '../lib/programs.ts';
import { BACKEND_WORDS, BACKENDS, COMMON_BACKENDS } from '../lib/words.ts';

/** The bar "Your machine". */
export function MachineBar() {
  return (
    <form id="machine" className="filters machine" hidden aria-label="Your machine">
      <MachineChoices />
    </form>
  );
}

/** Backend, memory and program: what the machine of a visitor is. */
export function MachineChoices() {
  return (
    <>
      <label>
        Backend
        <select name="backend" data-label="Backend">
          <option value="">any</option>
          {backends.map((backend) => (
            <option key={backend} value={backend}>
              {CHOICE_WORDS[backend] ?? BACKEND_WORDS[backend]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Memory of your device
        <select name="device" data-label="Memory">
          <option value="">not chosen</option>
          {DEVICE_GB.map((gb) => (
            <option key={gb} value={gb}>
              {gb} GB
            </option>
          ))}
        </select>
      </label>
      <label>
        Program
        <select name="program" data-label="Program">
          <option value="">rbee</option>
          <option value={ANY_PROGRAM}>any program</option>
          {programs.map(({ program, name }) => (
            <option key={program} value={program}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

const used = new Set(workers.map(({ backend }) => backend));
/** The backends that some worker has; those of most people come first. */
const backends = [...new Set([...COMMON_BACKENDS, ...BACKENDS])].filter((backend) => used.has(backend));

/** Backends by the hardware that has them, where their name does not say it. */
const CHOICE_WORDS: Readonly<Partial<Record<(typeof BACKENDS)[number], string>>> = {
  cuda: 'CUDA (NVIDIA)',
  metal: 'Metal (Mac)',
  rocm: 'ROCm (AMD)',
};
