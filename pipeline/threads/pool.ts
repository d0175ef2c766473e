/**
 * Runs jobs side by side: in this thread where one is enough, otherwise in several threads. It depends on no kind of job.
 */
import { Worker as Thread } from 'node:worker_threads';
import PQueue from 'p-queue';
import { DataError } from '../lib/errors.ts';
import { bundle } from './bundle.ts';

/** Runs the jobs of one thread, one at a time. */
export type JobRunner<J> = (job: J) => unknown;

/** A module that creates runners, as `import` gives it. Each thread has another `number`. */
interface JobModule<S, J> {
  createRunner(setup: S, number: number): JobRunner<J>;
}

/** A pool of threads. J are the jobs, by their `kind`; A is the answer to each kind. */
export interface Pool<J extends { readonly kind: string }, A> {
  /** Gives a job to the next thread that is free. */
  run<K extends J['kind'] & keyof A>(job: Extract<J, { kind: K }>): Promise<A[K]>;
  /** Gives a job to every thread, once all others are done. It throws the error of the first job that failed. */
  runOnEach<K extends J['kind'] & keyof A>(job: Extract<J, { kind: K }>): Promise<A[K][]>;
  /** Waits until the queue is short enough for another job. It throws the error of the first job that failed. */
  room(): Promise<void>;
  close(): Promise<void>;
}

export interface PoolOptions<S, J> {
  readonly threads: number;
  readonly setup: S;
  /** The module that creates runners, and `source`, its source file, which is bundled for threads. */
  readonly module: JobModule<S, J>;
  readonly source: URL;
  /** The folder for the bundle. */
  readonly workDir: string;
}

export async function startPool<S, J extends { readonly kind: string }, A>(
  options: PoolOptions<S, J>,
): Promise<Pool<J, A>> {
  const { threads, module, setup } = options;
  if (threads === 1) return singlePool<J, A>(module.createRunner(setup, 0));
  const code = await bundle(options.source, options.workDir);
  return threadPool<J, A>(
    Array.from({ length: threads }, (_, number) => new JobThread<J>({ code, setup, number })),
  );
}

function singlePool<J extends { readonly kind: string }, A>(run: JobRunner<J>): Pool<J, A> {
  const failures = new Failures();
  return {
    run: (job) => failures.watch(async () => run(job)) as never,
    runOnEach: async (job) => {
      failures.check();
      return [run(job)] as never;
    },
    room: async () => failures.check(),
    close: async () => {},
  };
}

function threadPool<J extends { readonly kind: string }, A>(threads: readonly JobThread<J>[]): Pool<J, A> {
  const free = [...threads];
  const queue = new PQueue({ concurrency: threads.length });
  const failures = new Failures();
  const runOnFree = async (job: J) => {
    const thread = free.pop();
    if (thread === undefined) throw new Error('No thread is free: the queue lets too many jobs run.');
    try {
      return await thread.run(job);
    } finally {
      free.push(thread);
    }
  };
  return {
    run: (job) => failures.watch(() => queue.add(() => runOnFree(job))) as never,
    runOnEach: async (job) => {
      await queue.onIdle();
      failures.check();
      return Promise.all(threads.map((thread) => thread.run(job))) as never;
    },
    room: async () => {
      await queue.onSizeLessThan(threads.length);
      failures.check();
    },
    close: async () => {
      queue.clear();
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Keeps the error of the first job that failed, since no caller awaits each job. */
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

  /** Throws that error. */
  check(): void {
    if (this.#first !== undefined) throw this.#first.error;
  }
}

/** The reply of a thread: the value that its runner returned, or the error that it threw. */
type Reply = { readonly answer: unknown } | { readonly failure: { message: string; isSystem: boolean } };

/**
 * The MiB of a thread's young heap. Nearly all data of a record dies with it: with room for some thousand records little
 * of it outlives a collection.
 */
const YOUNG_MIB = 48;
/**
 * The MiB of a thread's old heap, of which it uses a tenth. Below 2 GiB V8 lets a heap grow to twice the size in use,
 * above it to four times.
 */
const OLD_MIB = 2_000;

interface ThreadData {
  /** The path of the bundle. */
  readonly code: string;
  readonly setup: unknown;
  readonly number: number;
}

class JobThread<J> {
  readonly #thread: Thread;
  #settle: { resolve: (answer: unknown) => void; reject: (error: Error) => void } | undefined;

  constructor(workerData: ThreadData) {
    this.#thread = new Thread(new URL('./thread.mjs', import.meta.url), {
      workerData,
      // The bundle is plain JavaScript; the flags of this process would load a compiler into each thread.
      execArgv: [],
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

  /** Runs one job at a time: the next may start only when this one is answered. */
  run(job: J): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#thread.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}

/**
 * Turns a failure into an error. An error of the file system is the machine's fault, and stops the build with a message,
 * not a stack trace.
 */
function toError({ message, isSystem }: { message: string; isSystem: boolean }): Error {
  return isSystem ? new DataError(message) : new Error(message);
}
