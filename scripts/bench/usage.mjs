/** Loaded before a measured program: at its end tells what the whole process took, on a line of its own. */
const SAMPLE_MS = 100;
/** The resident memory in MiB at each tick. */
const residentMiB = [];
const timer = setInterval(() => residentMiB.push(toMiB(process.memoryUsage.rss())), SAMPLE_MS);
timer.unref();

function toMiB(bytes) {
  return Math.round(bytes / 2 ** 20);
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: Math.round(maxRSS / 1024),
    sampleMs: SAMPLE_MS,
    residentMiB,
  };
  process.stderr.write(`\nusage ${JSON.stringify(usage)}\n`);
});
