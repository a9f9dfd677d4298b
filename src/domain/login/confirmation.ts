// A sign-in that waits until its person has confirmed their address: the password was right and no session exists. What is
// kept lets them ask for the letter, and nothing else.

import { findAttempt } from '#domain/login/attempts.table.ts';
import { holdHolder } from '#domain/login/holder.ts';
import { attemptHash, beginAttempt } from '#domain/login/steps.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Keeps the sign-in of a Proof waiting. Answers the token of its page. Throws not-allowed `login-refused`. */
export async function awaitConfirmation(ctx: Context, proof: Proof, ip: string): Promise<string> {
  const begun = await ctx.transaction(async (tx) => {
    const holder = await holdHolder(tx, proof.person);
    return holder && beginAttempt(tx, holder, 'confirmation', { methods: proof.methods, ip, remember: false });
  });
  if (!begun) throw notAllowed('login-refused');
  return begun.attempt;
}

/** Whose sign-in waits; undefined when none does (any more). */
export async function waitingForConfirmation(ctx: Context, attempt: string): Promise<number | undefined> {
  return (await findAttempt(ctx, attemptHash('confirmation', attempt)))?.user_id ?? undefined;
}
