// A letter of the history is kept with its link masked, so it cannot go out again. Where it still makes sense, a fresh one
// of its kind can: to the person's present address, with a link of its own.

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { sendPasswordHelp } from '#domain/login/password-help.ts';
import { sendAdministratorPasswordLink } from '#domain/login/password-links.ts';
import type { KeptLetter } from '#domain/mail/outbox.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** To whom a fresh letter would go, and the permission that sending it takes. */
export type FreshLetter = { readonly permission: Permission } & (
  | { readonly userId: number }
  | { readonly administratorId: number }
);

/** What a fresh letter in place of this one would be; undefined where none makes sense: it only told of something. */
export function freshLetterFor(letter: KeptLetter): FreshLetter | undefined {
  if (letter.kind !== 'set-password' && letter.kind !== 'welcome') return undefined;
  if (letter.userId !== undefined) return { permission: 'Reset User Credentials', userId: letter.userId };
  if (letter.administratorId === undefined) return undefined;
  return { permission: 'Configure Administrators', administratorId: letter.administratorId };
}

/** Sends it. Throws not-found when the person is gone, conflict when they are disabled, and not-allowed for staff with more rights. */
export async function sendFreshLetter(ctx: Context, actor: Actor, fresh: FreshLetter): Promise<void> {
  if ('userId' in fresh) return sendPasswordHelp(ctx, actor, fresh.userId);
  const { disabledAt } = await administratorOf(ctx, fresh.administratorId);
  if (disabledAt !== undefined) throw conflict('administrator-disabled');
  return sendAdministratorPasswordLink(ctx, actor, fresh.administratorId);
}
