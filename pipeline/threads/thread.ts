/** An engine in a thread of its own: takes a task, answers it, takes the next. */
import { parentPort, workerData } from 'node:worker_threads';
import { Engine } from '../jobs.ts';
import type { Reply } from './pool.ts';
import type { EngineSetup, Task } from './task.ts';

const engine = new Engine(workerData as EngineSetup);

parentPort?.on('message', (task: Task) => parentPort?.postMessage(answer(task)));

/** What is thrown goes to the other side as text: errors do not cross threads whole. */
function answer(task: Task): Reply {
  try {
    return { answer: engine.do(task) };
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    const message = error instanceof Error ? (isSystem ? error.message : String(error.stack)) : String(error);
    return { failure: { message, isSystem } };
  }
}
