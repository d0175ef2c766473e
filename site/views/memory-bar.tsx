/** The memory of a model on a device as a drawn bar, with a legend that says the same in words. */
import { type BarPart, barParts, type TakenMemory } from '../lib/memory-bar.ts';

interface Props {
  readonly memory: TakenMemory;
  readonly deviceGb: number;
  readonly usableBytes: number;
}

export function MemoryBar({ memory, deviceGb, usableBytes }: Props) {
  const parts = barParts(memory, deviceGb, usableBytes);
  if (parts.length === 0) return null;
  return (
    <figure className="memory">
      <figcaption>On a device of {deviceGb} GB</figcaption>
      <svg aria-hidden="true" width="100%" height="20">
        {parts.map((part) => (
          <Part key={part.name} {...part} />
        ))}
      </svg>
      <ul>
        {parts.map(({ name, words }) => (
          <li key={name} className={`part-${name}`}>
            {words}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function Part({ name, x, width }: BarPart) {
  return <rect className={`part-${name}`} x={`${x}%`} width={`${width}%`} height="20" />;
}
