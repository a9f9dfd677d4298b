// What a second factor is. Each `*.factor.ts` of a topic exports one by default; `login` asks all that are found.

import type { Context } from '#src/context.ts';

/** Whose factor it is. */
export type FactorHolder = { readonly kind: 'user' | 'administrator'; readonly id: number };

/** The same as rows of sessions and attempts name it. */
export function ofHolder(holder: FactorHolder): { userId: number } | { administratorId: number } {
  return holder.kind === 'user' ? { userId: holder.id } : { administratorId: holder.id };
}

/**
 * What somebody answers: the code that they typed, or, as JSON, what a security key signed or another site sent back.
 * `browser`: a value that only this browser's own pages know, to which whatever was handed out before is tied.
 */
export type FactorResponse = { readonly text: string; readonly browser: string };

/** Spends what was right, inside the transaction that rests on it; true for exactly one caller. */
export type Spend = (tx: Context) => Promise<boolean>;

/** A second factor. */
export type Factor = {
  /** The method's name in a Proof and the last part of its page's address, such as `totp`. */
  readonly name: string;
  /** Which is asked first where somebody has several: the higher, the harder to steal. Step-up begins with it too. */
  readonly strength: number;
  /** How it is asked: a typed code, what the browser does with a security key, or a visit to another site. */
  readonly asks: 'code' | 'ceremony' | 'visit';
  /** It stands in for a factor that is lost, so it alone makes none due: backup codes. */
  readonly isSpare: boolean;
  /** Whether this person has it set up. What is set up stays due, also where nobody may set it up any more. */
  readonly isSetUp: (ctx: Context, holder: FactorHolder) => Promise<boolean>;
  /** The table with a row for whoever has it set up, where `isSetUp` says no more than that: all are looked at in one read. */
  readonly keptIn?: 'authenticators' | 'passkeys' | 'duo_holders' | 'backup_codes';
  /** Whether people of this kind may set it up, by the operator's setting. */
  readonly isOffered: (ctx: Context, kind: FactorHolder['kind']) => Promise<boolean>;
  /**
   * Looks whether a response is right, outside any transaction: slow work belongs here. Answers how to spend it, or
   * undefined when it is wrong, or no response to this factor at all.
   */
  readonly check: (ctx: Context, holder: FactorHolder, response: FactorResponse) => Promise<Spend | undefined>;
  /**
   * Takes all of it away from a person, for whoever switches their second factors off for them (login/factor-reset.ts);
   * nothing more: the telling is done there. A factor without it cannot be switched off.
   */
  readonly takeAway?: (tx: Context, holder: FactorHolder) => Promise<void>;
  /** The ids of those among `ids` who have it set up, in one read. Without it each is asked for by `isSetUp`. */
  readonly holdersOf?: (ctx: Context, kind: FactorHolder['kind'], ids: readonly number[]) => Promise<readonly number[]>;
};
