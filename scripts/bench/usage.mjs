/** Prints the usage of the whole process at its end, on a line of its own. It is loaded before a measured program. */
const SAMPLE_MS = 100;
/** Times since the start in seconds, with the resident memory in MiB: not every tick is on time. */
const resident = [];
const timer = setInterval(
  () => resident.push([performance.now() / 1000, toMiB(process.memoryUsage.rss())]),
  SAMPLE_MS,
);
timer.unref();

function toMiB(bytes) {
  return Math.round(bytes / 2 ** 20);
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: Math.round(maxRSS / 1024),
    upSeconds: performance.now() / 1000,
    resident,
  };
  process.stderr.write(`\nusage ${JSON.stringify(usage)}\n`);
});
