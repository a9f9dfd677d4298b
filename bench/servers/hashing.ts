// The limit of signing in: one thread for each core that checks a password against its hash again and again.

import { availableParallelism } from 'node:os';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { verifySync } from '@node-rs/argon2';
import type { Running } from '../parts/server.ts';
import { serveBench } from '../parts/server.ts';

/** What this process is given. It hashes from `work` to `rest` and counts the hashes. */
export type HashingGiven = { readonly hash: string; readonly password: string };

type Shared = { readonly given: HashingGiven; readonly counter: BigInt64Array };

if (isMainThread) await serveBench<HashingGiven>(begin);
else hashAgainAndAgain(workerData as Shared); // `begin` hands it over

async function begin(given: HashingGiven): Promise<Running> {
  // [0] hashes done; [1] whether to work
  const counter = new BigInt64Array(new SharedArrayBuffer(16));
  const threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL(import.meta.url), { workerData: { given, counter } satisfies Shared }),
  );
  return {
    origin: '',
    count: () => Number(Atomics.load(counter, 0)),
    hear: (word) => {
      Atomics.store(counter, 1, word === 'work' ? 1n : 0n);
      Atomics.notify(counter, 1);
    },
    stop: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function hashAgainAndAgain({ given, counter }: Shared): void {
  for (;;) {
    Atomics.wait(counter, 1, 0n);
    if (!verifySync(given.hash, given.password)) throw new Error('the password does not match its hash');
    Atomics.add(counter, 0, 1n);
  }
}
