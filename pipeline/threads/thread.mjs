/** A thread of the pool: loads the bundle, then takes a job, answers it, takes the next. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { code, setup, number } = workerData;
const { createRunner } = await import(pathToFileURL(code).href);
const run = createRunner(setup, number);

parentPort.on('message', (job) => parentPort.postMessage(answer(job)));

/** What is thrown goes to the other side as text: errors do not cross threads whole. */
function answer(job) {
  try {
    return { answer: run(job) };
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    const message = error instanceof Error ? (isSystem ? error.message : error.stack) : String(error);
    return { failure: { message, isSystem } };
  }
}
