// Confirming an address at the sign-in page: the token of the link travels as the way back, `/verify/<token>`, through all
// steps of the sign-in in the browser that followed it. Nothing else completes it.

import type { Person } from '#domain/sessions/proof.ts';
import { isProvedBy } from '#domain/verification/verification.ts';
import type { Context } from '#src/context.ts';
import { gotoIn } from '#web/goto.ts';
import type { NextNotice, Visit } from '#web/page.ts';

/** The token in a way back that leads to the confirmation of an address; undefined when it leads elsewhere. */
export function verificationToken(goto: string): string | undefined {
  return /^\/verify\/([\w-]{43})$/.exec(goto)?.[1];
}

/** The way back that carries a token. */
export function verificationGoto(token: string): string {
  return `/verify/${token}`;
}

/** What the sign-in page says to somebody who is about to confirm their address by it. */
export function confirmingWords(visit: Visit): { readonly title?: string; readonly intro?: string } {
  if (verificationToken(gotoIn(visit)) === undefined) return {};
  const { t } = visit.frame;
  return { title: t('registration.verify.title'), intro: t('registration.verify.intro') };
}

/** What whoever signed in by way of a link is told: that their address is confirmed, or that the link was not for them. */
export async function verificationNotice(ctx: Context, token: string, person: Person): Promise<NextNotice> {
  const proved = person.kind === 'user' && (await isProvedBy(ctx, token, person.userId));
  return proved
    ? { tone: 'success', key: 'registration.verify.done' }
    : { tone: 'warning', key: 'registration.verify.not-this' };
}
