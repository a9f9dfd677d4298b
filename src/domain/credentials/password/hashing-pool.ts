// The threads that hash, and the bounded queue before them.

import { Worker } from 'node:worker_threads';
import { Problem } from '#kit/problem.ts';
import type { Argon2Cost } from './stored-form.ts';

/** Hashes a new password. The answer is the text to store. */
export type SealTask = { readonly kind: 'seal'; readonly password: string; readonly cost: Argon2Cost };

/** Compares a password with a stored one. The answer is whether they match. */
export type CheckTask = { readonly kind: 'argon2id' | 'bcrypt'; readonly password: string; readonly stored: string };

export type HashingTask = SealTask | CheckTask;

/** What a task answers. */
export type AnswerOf<Task extends HashingTask> = Task extends SealTask ? string : boolean;

/** An answer, how long the thread was at it, and how much of a core's time that was, in milliseconds. */
export type HashingReply<Answer> = { readonly answer: Answer; readonly tookMs: number; readonly cpuMs: number };

/** `staff` has a queue of its own that is served first: a flood at the customers' door does not keep staff from seeing to it. */
export type Lane = 'usual' | 'staff';

export type HashingPool = {
  /**
   * Has a thread carry out the task, in the order of asking in its lane. Throws the Problem `too-busy` at once when the lane's
   * queue is full, and later when the turn has not come in time; an Error when the thread died over it.
   */
  run<Task extends HashingTask>(task: Task, lane?: Lane): Promise<HashingReply<AnswerOf<Task>>>;
  /** How many tasks wait for a thread, in both lanes. */
  readonly waiting: number;
  /** Takes nothing new, finishes what was accepted, ends the threads. */
  close(): Promise<void>;
};

export type HashingPoolOptions = {
  readonly threads: number;
  /** How many tasks may wait in each lane, over all threads. */
  readonly maxWaiting: number;
  /** How long one may wait, in milliseconds. */
  readonly maxWaitingMs: number;
  /** Whether the threads step back behind everything else (nice 19). Only a measurement does not. */
  readonly polite: boolean;
};

/** Opens the pool. No thread is started before there is work for it, and none keeps the process alive while it has none. */
export function openHashingPool(options: HashingPoolOptions): HashingPool {
  const idle = Array.from({ length: options.threads }, () => openThread(options.polite));
  const queues: Record<Lane, ((thread: HashingThread) => void)[]> = { staff: [], usual: [] };
  let closing: Promise<void> | undefined;

  const turn = (lane: Lane, patienceMs?: number): Promise<HashingThread> =>
    new Promise((resolve, reject) => {
      const queue = queues[lane];
      const giveUp = (): void => {
        queue.splice(queue.indexOf(take), 1);
        reject(tooBusy());
      };
      const timer = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs);
      const take = (thread: HashingThread): void => {
        clearTimeout(timer);
        resolve(thread);
      };
      queue.push(take);
    });

  const handOn = (thread: HashingThread): void => {
    const next = queues.staff.shift() ?? queues.usual.shift();
    if (next) next(thread);
    else idle.push(thread);
  };

  const endAll = async (): Promise<void> => {
    // Each end waits its turn behind what was accepted before, so nobody's answer is lost.
    const ends = Array.from({ length: options.threads }, async () => (idle.pop() ?? (await turn('usual'))).end());
    await Promise.all(ends);
  };

  return {
    async run(task, lane = 'usual') {
      if (closing || (idle.length === 0 && queues[lane].length >= options.maxWaiting)) throw tooBusy();
      const thread = idle.pop() ?? (await turn(lane, options.maxWaitingMs));
      try {
        return await thread.carryOut(task);
      } finally {
        handOn(thread);
      }
    },
    get waiting() {
      return queues.staff.length + queues.usual.length;
    },
    close() {
      closing ??= endAll();
      return closing;
    },
  };
}

type HashingThread = {
  carryOut<Task extends HashingTask>(task: Task): Promise<HashingReply<AnswerOf<Task>>>;
  end(): Promise<void>;
};

// One place for a thread. It starts with the first task and again after a death; the task it died over gets an Error, so
// a task that kills is not given to the next thread.
function openThread(polite: boolean): HashingThread {
  let current: Worker | undefined;

  const started = (): Worker => {
    if (current) return current;
    const worker = startWorker(polite);
    const forget = (): void => {
      if (current === worker) current = undefined;
    };
    worker.on('error', forget);
    worker.on('exit', forget);
    current = worker;
    return worker;
  };

  return {
    carryOut(task) {
      return new Promise((resolve, reject) => {
        const worker = started();
        const settled = (): void => {
          worker.off('message', answered).off('error', failed).off('exit', died);
          worker.unref();
        };
        const answered = (reply: HashingReply<AnswerOf<typeof task>>): void => {
          settled();
          resolve(reply);
        };
        const failed = (cause: unknown): void => {
          settled();
          reject(new Error('a hashing thread failed', { cause }));
        };
        const died = (code: number): void => failed(new Error(`the thread ended with code ${code} before it answered`));
        worker.on('message', answered).on('error', failed).on('exit', died);
        worker.ref();
        worker.postMessage(task);
      });
    },
    async end() {
      await current?.terminate();
    },
  };
}

function startWorker(polite: boolean): Worker {
  const worker = new Worker(new URL('./hashing-thread.ts', import.meta.url), {
    name: 'password-hash',
    workerData: { polite },
    env: {}, // it has no use for the installation's secrets
    execArgv: [],
  });
  worker.unref();
  return worker;
}

function tooBusy(): Problem {
  return new Problem('unavailable', 'too-busy', { retryAfterSeconds: 2 });
}
