/** Devices by their memory as vendors print it, and the part of it that a worker can use. */
import type { MemoryRule, Worker } from '../data/worker.ts';

/** Usual sizes of graphics cards and unified memories, in GB as vendors print them. */
export const DEVICE_GB = [8, 12, 16, 24, 32, 48, 64, 80, 96, 128, 192] as const;

/** The bytes of a GB. Vendors print GB and mean 10^9 or 2^30 bytes; the smaller one holds on every device. */
const GB = 1e9;
/** The bytes of every device that its system, its driver and other programs on the screen take. */
const KEPT_BYTES = 1e9;
/**
 * The GB from which Metal lets a program use three quarters of a unified memory, and below which two thirds:
 * the values of recommendedMaxWorkingSetSize on Macs, as their owners report them.
 */
const METAL_LARGE_GB = 64;
const METAL_SHARE = 2 / 3;
const METAL_LARGE_SHARE = 3 / 4;

/** Returns the bytes that a worker can use of a device of so many GB. */
export function usableBytes(
  deviceGb: number,
  { backend, memory }: Pick<Worker, 'backend'> & { readonly memory: Pick<MemoryRule, 'usableShare'> },
): number {
  const bytes = deviceGb * GB;
  const metal = deviceGb < METAL_LARGE_GB ? METAL_SHARE : METAL_LARGE_SHARE;
  const share = Math.min(backend === 'metal' ? metal : 1, memory.usableShare ?? 1);
  return Math.min(bytes - KEPT_BYTES, Math.floor(bytes * share));
}
