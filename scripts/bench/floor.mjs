/** The floor: splits a file into lines and parses each, in as many threads as asked for. Plain JavaScript, for Node 20's threads. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const STEP_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/** Lines that begin within the range. Lines are shorter than a step. */
function parseRange(path, start, end) {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(2 * STEP_BYTES);
  let records = 0;
  for (let at = start; at < end; at += STEP_BYTES) {
    const stop = Math.min(end, at + STEP_BYTES);
    const from = Math.max(0, at - 1);
    const read = readSync(file, bytes, 0, bytes.length, from);
    let begin = at === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    while (from + begin < stop) {
      const next = bytes.indexOf(NEWLINE, begin);
      const close = next < 0 || next > read ? read : next;
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

if (isMainThread) {
  const [path = '', threads = '1'] = process.argv.slice(2);
  const { size } = statSync(path);
  const share = Math.ceil(size / Number(threads));
  if (threads === '1') parseRange(path, 0, size);
  else
    for (let start = 0; start < size; start += share)
      new Worker(new URL(import.meta.url), {
        workerData: { path, start, end: Math.min(size, start + share) },
      });
} else parseRange(workerData.path, workerData.start, workerData.end);
