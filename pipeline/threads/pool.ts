/** Runs jobs side by side: in this thread where one is enough, else in threads of their own. Knows nothing of what jobs do. */
import { Worker as Thread } from 'node:worker_threads';
import PQueue from 'p-queue';
import { DataError } from '../lib/errors.ts';
import { bundle } from './bundle.ts';

/** What runs the jobs of one thread, one at a time. */
export type JobRunner<J> = (job: J) => unknown;

/** A module that creates runners, as `import` gives it. `number` tells the threads apart. */
interface JobModule<S, J> {
  createRunner(setup: S, number: number): JobRunner<J>;
}

/** J: the jobs, by their `kind`; A: the answer to each kind. */
export interface Pool<J extends { readonly kind: string }, A> {
  /** Gives a job to the next thread that is free. */
  run<K extends J['kind'] & keyof A>(job: Extract<J, { kind: K }>): Promise<A[K]>;
  /** Gives a job to every thread, once all others are done. Throws what the first job that failed threw. */
  runOnEach<K extends J['kind'] & keyof A>(job: Extract<J, { kind: K }>): Promise<A[K][]>;
  /** Waits until so few jobs wait that another may be made. Throws what the first job that failed threw. */
  room(): Promise<void>;
  close(): Promise<void>;
}

export interface PoolOptions<S, J> {
  readonly threads: number;
  readonly setup: S;
  /** The module that creates runners, and its source file, of which threads get a bundle. */
  readonly module: JobModule<S, J>;
  readonly source: URL;
  /** A folder for the bundle. */
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

/** Remembers what the first job that failed threw: nobody awaits the jobs one by one. */
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

  /** Throws it. */
  check(): void {
    if (this.#first !== undefined) throw this.#first.error;
  }
}

/** What a thread answers: what its runner returned, or what it threw. */
type Reply = { readonly answer: unknown } | { readonly failure: { message: string; isSystem: boolean } };

/** Nearly all that a record makes dies with it: with room for some thousand records little outlives a collection. */
const YOUNG_MIB = 32;
/** Of which a thread uses a tenth: below 2 GiB V8 lets a heap grow to twice of what is in use, above it to four times. */
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

  /** One at a time: the next only when this is answered. */
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

/** What the file system refuses is the machine's fault, and stops the build with a message, not a stack trace. */
function toError({ message, isSystem }: { message: string; isSystem: boolean }): Error {
  return isSystem ? new DataError(message) : new Error(message);
}
