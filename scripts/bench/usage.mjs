/** Loaded before a measured program: at its end tells what the whole process took, on a line of its own. */
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: Math.round(maxRSS / 1024) };
  process.stderr.write(`\nusage ${JSON.stringify(usage)}\n`);
});
