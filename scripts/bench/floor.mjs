/**
 * Measures the floor: splits a file into lines and parses each, in as many threads as asked for, and prints their number:
 * `floor.mjs FILE THREADS`. It is plain JavaScript, for Node 20's threads.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const STEP_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/** Parses the lines that begin within the range, and returns their number. Lines are shorter than a step. */
function parseRange(path, start, end) {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(2 * STEP_BYTES);
  let records = 0;
  for (let at = start; at < end; at += STEP_BYTES) {
    const stop = Math.min(end, at + STEP_BYTES);
    // A line begins after a newline, which may be the last byte before the step.
    const from = Math.max(0, at - 1);
    const read = readSync(file, bytes, 0, bytes.length, from);
    let begin = at === 0 ? 0 : afterNewline(bytes, 0, read);
    while (from + begin < stop) {
      const close = afterNewline(bytes, begin, read) - 1;
      if (close > begin) {
        JSON.parse(bytes.toString('utf8', begin, close));
        records += 1;
      }
      begin = close + 1;
    }
  }
  closeSync(file);
  return records;
}

/** Returns the place after the next newline; a file may end without one. */
function afterNewline(bytes, begin, read) {
  const next = bytes.indexOf(NEWLINE, begin);
  return (next < 0 || next >= read ? read : next) + 1;
}

/** Parses half of the file in each of two threads; the main thread only waits, as the pipeline's does. */
async function parseInThreads(path, size, threads) {
  const share = Math.ceil(size / threads);
  const counts = Array.from({ length: threads }, (_, n) => {
    const data = { path, start: n * share, end: Math.min(size, (n + 1) * share) };
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    return new Promise((done, fail) => worker.once('message', done).once('error', fail));
  });
  return (await Promise.all(counts)).reduce((all, count) => all + count, 0);
}

if (isMainThread) {
  const [path = '', threads = '1'] = process.argv.slice(2);
  const { size } = statSync(path);
  console.log(
    threads === '1' ? parseRange(path, 0, size) : await parseInThreads(path, size, Number(threads)),
  );
} else parentPort.postMessage(parseRange(workerData.path, workerData.start, workerData.end));
