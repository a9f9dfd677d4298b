// Seals passwords and checks them: Argon2id for ours, and the formats that imported people bring.
//
// What the time of an answer tells. A stranger must not learn from it whether an address has an account. So
// - no such person, no password, a text that cannot be a password, a format that we do not know: the same Argon2id
//   computation, at today's cost, against nobody's hash;
// - MD5 of old imports costs nothing, so it gets that computation beside it;
// - bcrypt of imports is slow by itself (some 50 ms at cost 10, 200 ms at 12) and gets no Argon2id beside it: work that
//   decides nothing would halve what a machine can take on the very day that everybody is imported. Its refusals are
//   slower than nobody's, though, and so are those of an older, dearer Argon2id. Therefore every refusal is held, waiting
//   and not computing, until the slowest format met in this process would have answered (refusal-pace.ts).
//   Where imports are expected the format that most of them bring is met before the first answer, whoever it is for.
// Left over: the first refusal of a format slower than that, and bcrypt above cost 14, which is held for a second and no
// longer. A success is never held.

import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { seconds } from '#kit/duration.ts';
import { invalid } from '#kit/problem.ts';
import { constantTimeEqual, md5Hex } from '#kit/secret.ts';
import { type CheckTask, type HashingReply, type Lane, openHashingPool } from './hashing-pool.ts';
import { normalised, textFault } from './password-text.ts';
import { openRefusalPace } from './refusal-pace.ts';
import { type Argon2Cost, costText, isBearable, nobodysHash, readStored, type StoredForm } from './stored-form.ts';

export type { Argon2Cost } from './stored-form.ts';

/** The answer of a check. `outdated`: it matches, but is not stored as one would be today, so the login seals it anew. */
export type PasswordCheck = { readonly matches: boolean; readonly outdated: boolean };

export type PasswordHasher = {
  /**
   * Hashes a new password and gives the text to store. Throws the Problem `too-busy`, or `invalid` with a TextFault when
   * the text cannot be a password. Whether it is a good one is for `passwordFault` to say, before.
   */
  seal(password: string): Promise<string>;
  /**
   * Compares a password with what is stored; `undefined` for no such person, or one without a password. Exactly one slow
   * computation whatever is stored. Throws the Problem `too-busy`; an Error when a thread died over it. `lane`: staff are
   * served first, out of a queue of their own.
   */
  check(password: string, stored: string | undefined, lane?: Lane): Promise<PasswordCheck>;
  /** How many computations wait for a thread. */
  readonly waiting: number;
  /** How many slow computations were done since the start, but for the one that only measures. */
  readonly hashes: number;
  /** Today's cost. */
  cost(): Argon2Cost;
  /** Takes nothing new, answers what was accepted, ends the threads. */
  close(): Promise<void>;
};

// What PHP's password_hash wrote until PHP 8.4, and so most of what is imported. Nobody's: its digest was drawn at random.
const USUAL_IMPORT = { stored: '$2y$10$1fYyq8vZbR3uHk7XcN5mWeT0aPjLgD9sQxV2oCi6EtMnJwBzUrK4y', price: 'bcrypt 10' };

/**
 * Opens a hasher of `threads` threads (one for each core), before which `maxWaiting` computations may wait (64 for each
 * thread), none longer than `maxWaitingMs` (ten seconds). `expectsImports`: the first check of all also measures what the
 * usual imported password costs here, so that no refusal tells who has one. Throws when the cost is one that `check` would refuse to compute.
 */
export function openPasswordHasher(options: {
  cost: Argon2Cost;
  threads?: number;
  maxWaiting?: number;
  maxWaitingMs?: number;
  expectsImports?: boolean;
}): PasswordHasher {
  const cores = availableParallelism();
  const { cost, threads = cores, maxWaiting = 64 * (options.threads ?? cores), maxWaitingMs = seconds(10) } = options;
  if (!isBearable(cost)) throw new Error(`an Argon2id cost out of bounds: ${costText(cost)}`);
  const pool = openHashingPool({ threads, maxWaiting, maxWaitingMs, polite: true });
  const pace = openRefusalPace();
  const nobody = nobodysHash(cost);
  let hashes = 0;
  let isMeasured = options.expectsImports !== true;
  let measuring: Promise<void> | undefined;

  const measureImport = async (): Promise<void> => {
    const task = { kind: 'bcrypt', stored: USUAL_IMPORT.stored, password: '' } as const;
    pace.remember(USUAL_IMPORT.price, (await pool.run(task)).cpuMs);
    isMeasured = true;
  };
  // Before the first check and not after it: then the time it takes is added to everybody's.
  const paceIsKnown = (): Promise<void> => {
    measuring ??= measureImport().finally(() => {
      measuring = undefined; // where it was too busy the next one tries again; this one is refused alike
    });
    return measuring;
  };

  const counted = <Answer>(reply: HashingReply<Answer>): HashingReply<Answer> => {
    hashes += 1;
    return reply;
  };

  return {
    async seal(password) {
      const fault = textFault(password);
      if (fault) throw invalid({ password: fault });
      return counted(await pool.run({ kind: 'seal', password: normalised(password), cost })).answer;
    },
    async check(password, stored, lane) {
      const plan = planOf(password, stored, cost, nobody);
      if (!isMeasured) await paceIsKnown();
      const { answer, tookMs, cpuMs } = counted(await pool.run(plan.task, lane));
      pace.remember(plan.price, cpuMs);
      if (plan.decides(answer)) return { matches: true, outdated: plan.outdated };
      await wait(pace.remainder(tookMs, cpuMs));
      return { matches: false, outdated: false };
    },
    get waiting() {
      return pool.waiting;
    },
    get hashes() {
      return hashes;
    },
    cost: () => cost,
    close: () => pool.close(),
  };
}

// What a check computes, and what follows from it.
type Plan = {
  readonly task: CheckTask;
  /** The format and cost, for what it takes in time. */
  readonly price: string;
  readonly decides: (answer: boolean) => boolean;
  readonly outdated: boolean;
};

function planOf(password: string, stored: string | undefined, today: Argon2Cost, nobody: string): Plan {
  // An empty or unreadable text opens nothing, even where an import brought the hash of an empty one.
  const form: StoredForm = stored === undefined || textFault(password) ? { format: 'unusable' } : readStored(stored);
  const inVain: Plan = {
    task: { kind: 'argon2id', stored: nobody, password: '' },
    price: costText(today),
    decides: () => false,
    outdated: false,
  };
  switch (form.format) {
    case 'argon2id':
      return {
        task: { kind: 'argon2id', stored: form.stored, password: normalised(password) },
        price: costText(form.cost),
        decides: (answer) => answer,
        outdated: !form.fullLength || costText(form.cost) !== costText(today),
      };
    case 'bcrypt':
      // The bytes as they came: PHP did not normalise, and like PHP bcrypt reads 72 of them. A zero byte would end the
      // password early for PHP and repeat it for bcrypt ("ab" and "ab\0ab" hash alike), so one with it matches nothing.
      if (password.includes('\0')) return inVain;
      return {
        task: { kind: 'bcrypt', stored: form.stored, password },
        price: `bcrypt ${form.rounds}`,
        decides: (answer) => answer,
        outdated: true,
      };
    case 'md5':
      return { ...inVain, decides: () => constantTimeEqual(md5Hex(form.salt + password), form.digest), outdated: true };
    case 'unusable':
      return inVain;
  }
}
