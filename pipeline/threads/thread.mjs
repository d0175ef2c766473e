/** A thread of the pool: it loads the bundle, then takes jobs and answers them, one after the other. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { code, setup, number } = workerData;
const { createRunner } = await import(pathToFileURL(code).href);
const run = createRunner(setup, number);

parentPort.on('message', (job) => parentPort.postMessage(answer(job)));

/** Runs a job and sends the answer. An error is sent as text, since errors do not pass between threads whole. */
function answer(job) {
  try {
    return { answer: run(job) };
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    const message = error instanceof Error ? (isSystem ? error.message : error.stack) : String(error);
    return { failure: { message, isSystem } };
  }
}
