/** An engine in a thread of its own: takes a task, answers it, takes the next. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Reply } from './crew.ts';
import { Engine, type EngineSetup, type Task } from './engine.ts';

const engine = Engine.create(workerData as EngineSetup);

parentPort?.on('message', async (task: Task) => {
  parentPort?.postMessage(await answer(task));
});

/** What is thrown goes to the other side as text: errors do not cross threads whole. */
async function answer(task: Task): Promise<Reply> {
  try {
    return { answer: (await engine).do(task) };
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    const message = error instanceof Error ? (isSystem ? error.message : String(error.stack)) : String(error);
    return { failure: { message, isSystem } };
  }
}
