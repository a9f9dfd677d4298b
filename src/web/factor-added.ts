// Where somebody goes on to once a second factor was set up, whichever it is: to their backup codes first, when they have none.

import { backupCodesOf } from '#domain/credentials/backup-codes.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { factorHolderOf } from '#domain/login/holder.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import type { Key } from '#src/locales/words.ts';
import { withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession, OWN_STAFF, OWN_USER } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { renew } from '#web/page.ts';
import type { Door } from '#web/sign-in.ts';
import { afterStep } from '#web/sign-in.ts';

/**
 * After a factor was set up on one's own pages: this browser goes on under a new token, to the backup codes when there are
 * none, else to the overview. `done`: the sentence to show there.
 */
export async function afterFactorAdded(visit: Visit, side: OwnSide, done: Key): Promise<Answer> {
  const codes = await codesDue(visit, inSession(visit, side).holder);
  return renew(side.kind, codes ? `${side.security}/backup-codes/new` : side.security, { tone: 'success', key: done });
}

/** After a factor was set up during sign-in: in, but past the backup codes, which are shown once before anything else. */
export async function afterSetUpAtSignIn(visit: Visit, door: Door, answer: StepAnswer): Promise<Answer> {
  const next = await afterStep(visit, door, answer);
  if (next.kind !== 'redirect' || !next.session || !('opened' in next.session) || answer.at !== 'proved') return next;
  const codes = await codesDue(visit, factorHolderOf(answer.proof.person));
  const { security } = door.side === 'user' ? OWN_USER : OWN_STAFF;
  return codes ? { ...next, to: withGoto(`${security}/backup-codes/new`, next.to) } : next;
}

async function codesDue({ ctx }: Visit, holder: FactorHolder): Promise<boolean> {
  return (await backupCodesOf(ctx, holder)).left === 0;
}
