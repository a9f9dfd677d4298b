// What a second factor is. Each `*.factor.ts` of a topic exports one by default; `login` asks all that are found.
// None ships yet: the place, the attempt that waits for it, and the refusal of a session without it are here.

import type { Context } from '#src/context.ts';

/** Whose factor it is. */
export type FactorHolder = { readonly kind: 'user' | 'administrator'; readonly id: number };

/** A second factor. */
export type Factor = {
  /** The method's name in a Proof, such as `totp`. */
  readonly name: string;
  /** Whether this person has set it up, so that it is due. */
  readonly isSetUp: (ctx: Context, holder: FactorHolder) => Promise<boolean>;
  /** Checks and spends a code in one step, inside the transaction of the sign-in. */
  readonly spend: (tx: Context, holder: FactorHolder, code: string) => Promise<boolean>;
};
