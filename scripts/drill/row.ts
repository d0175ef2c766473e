/** A line of the table that a drill prints. */
export type Row = readonly [
  fault: string,
  outcome: string,
  requests: number | string,
  seconds: number | string,
];

export function formatRow([fault, outcome, requests, seconds]: Row): string {
  const time = typeof seconds === 'number' ? seconds.toFixed(1) : seconds;
  return `| ${fault.padEnd(34)} | ${outcome.padEnd(62)} | ${String(requests).padStart(8)} | ${time.padStart(7)} |`;
}
