/** Engines at work side by side: one in this thread for little work, or some in threads of their own. */
import { Worker as Thread } from 'node:worker_threads';
import PQueue from 'p-queue';
import { Engine } from '../jobs.ts';
import { DataError } from '../lib/errors.ts';
import type { Answers, EngineSetup, Task } from './task.ts';

export type CrewSetup = Omit<EngineSetup, 'number'>;

export interface Crew {
  /** Gives a task to the next engine that is free. */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Answers[K]>;
  /** Gives a task to every engine, once all others are done. Throws what the first of them that failed threw. */
  runAll<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Answers[K][]>;
  /** Waits until so few tasks wait that another may be made. */
  room(): Promise<void>;
  close(): Promise<void>;
}

export function startCrew(threads: number, setup: CrewSetup): Crew {
  return threads === 1 ? startAlone(setup) : startThreads(threads, setup);
}

function startAlone(setup: CrewSetup): Crew {
  const engine = new Engine({ ...setup, number: 0 });
  const failures = new Failures();
  return {
    run: (task) => failures.watch(async () => engine.do(task)),
    runAll: async (task) => {
      failures.check();
      return [engine.do(task)];
    },
    room: async () => failures.check(),
    close: async () => {},
  };
}

/** Remembers what the first task that failed threw: nobody awaits the tasks one by one. */
class Failures {
  #first: { readonly error: unknown } | undefined;

  async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#first ??= { error };
      throw error;
    }
  }

  /** @throws it. */
  check(): void {
    if (this.#first !== undefined) throw this.#first.error;
  }
}

/** What a thread answers: what its engine did, or what it threw. */
export type Reply =
  | { readonly answer: unknown }
  | { readonly failure: { message: string; isSystem: boolean } };

/** Nearly all that a record makes dies with it: with room for some thousand records little outlives a collection. */
const YOUNG_MIB = 32;
/** Of which a thread uses a tenth: below 2 GiB V8 lets a heap grow to twice of what is in use, above it to four times. */
const OLD_MIB = 2_000;

class Hand {
  readonly #thread: Thread;
  #settle: { resolve: (answer: unknown) => void; reject: (error: Error) => void } | undefined;

  constructor(setup: EngineSetup) {
    this.#thread = new Thread(new URL('./boot.mjs', import.meta.url), {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB, maxOldGenerationSizeMb: OLD_MIB },
    });
    this.#thread.on('message', (reply: Reply) => {
      const settle = this.#settle;
      this.#settle = undefined;
      if ('answer' in reply) settle?.resolve(reply.answer);
      else settle?.reject(toError(reply.failure));
    });
    this.#thread.on('error', (error) => this.#settle?.reject(error));
  }

  /** One at a time: the next only when this is answered. */
  do(task: Task): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#thread.postMessage(task);
    });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}

function toError({ message, isSystem }: { message: string; isSystem: boolean }): Error {
  return isSystem ? new DataError(message) : new Error(message);
}

function startThreads(threads: number, setup: CrewSetup): Crew {
  const hands = Array.from({ length: threads }, (_, number) => new Hand({ ...setup, number }));
  const free = [...hands];
  const queue = new PQueue({ concurrency: threads });
  const failures = new Failures();
  const onHand = async (task: Task) => {
    const hand = free.pop();
    if (hand === undefined) throw new Error('No thread is free: the queue lets too many run.');
    try {
      return await hand.do(task);
    } finally {
      free.push(hand);
    }
  };
  const run = (task: Task) => failures.watch(() => queue.add(() => onHand(task)));
  return {
    run: run as Crew['run'],
    runAll: (async (task: Task) => {
      await queue.onIdle();
      failures.check();
      return Promise.all(hands.map((hand) => hand.do(task)));
    }) as Crew['runAll'],
    room: async () => {
      await queue.onSizeLessThan(threads);
      failures.check();
    },
    close: async () => {
      queue.clear();
      await Promise.all(hands.map((hand) => hand.close()));
    },
  };
}
