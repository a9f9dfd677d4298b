// The way back after an address was changed, by whomever: the person themselves, staff, a program, a thief. The address
// before is told at each change and can put itself back for seven days.

import { holdPasskeysBack } from '#domain/credentials/passkeys.ts';
import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import { dropLinks } from '#domain/login/federation/linked-accounts.ts';
import { tellPasswordChanged } from '#domain/login/password-links.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { addressLeftLetter, addressPutBackLetter } from '#domain/self-service/email-undo.mail.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { EmailUndoState } from '#domain/users/email-undos.ts';
import { emailUndoState, endUndosByReturn, keepEmailUndo, spendEmailUndo, UNDO_MS } from '#domain/users/email-undos.ts';
import { changeUser, holdUser, nameOf, storePassword, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import { maskedAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A change of address that just happened. */
export type AddressMove = {
  readonly userId: number;
  readonly before: string;
  readonly after: string;
  readonly inUse: boolean;
  readonly putsBack: boolean;
};

/**
 * Tells the address before, in the transaction of the change, so that no way of changing an address can forget it. It gets
 * the way back, unless nobody ever used it here; and unless the person returned to an address they had: then it is the
 * address of what was undone, which must not undo that in turn.
 */
export async function tellAddressBefore(tx: Context, move: AddressMove): Promise<void> {
  const returned = (await endUndosByReturn(tx, move.userId, move.after)) || move.putsBack;
  const user = await userOf(tx, move.userId);
  const to = { address: move.before, name: nameOf(user), language: user.language };
  const company = await settingOf(tx, companyName);
  if (returned) {
    const expiresAt = tx.now() + days(7);
    await queueLetter(tx, addressPutBackLetter({ to, company, userId: user.id, expiresAt }));
    return;
  }
  const token = move.inUse ? await keepEmailUndo(tx, user.id, move.before) : undefined;
  const url = token === undefined ? undefined : await publicLink(tx, `/email/undo/${token}`);
  const expiresAt = tx.now() + UNDO_MS;
  await queueLetter(tx, addressLeftLetter({ to, newAddress: move.after, company, url, userId: user.id, expiresAt }));
}

/** What the page of a link says. Addresses are masked: it may be seen by a stranger. */
export type UndoPage =
  | { readonly is: 'open'; readonly address: string; readonly until: number }
  | { readonly is: Exclude<EmailUndoState['is'], 'open'> };

/** Looks at a link without spending it. */
export async function undoPageOf(ctx: Context, token: string): Promise<UndoPage> {
  const state = await emailUndoState(ctx, token);
  if (state.is !== 'open') return state;
  return { is: 'open', address: maskedAddress(state.undo.email), until: state.undo.expiresAt };
}

/**
 * Puts the address back and sets a new password, since the old one may be known: once. Every session, every pending sign-in
 * and link, and every later change's way back end. Nobody is signed in by it, so a second factor is still asked. Whoever had
 * the account meanwhile may have left ways in that need no password: accounts elsewhere are linked no more, and passkeys stand
 * beside the password. Throws invalid with the field `password`, or not-allowed `email-undo-over`.
 */
export async function undoEmailChange(ctx: Context, token: string, password: string, ip: string): Promise<void> {
  const state = await emailUndoState(ctx, token);
  if (state.is !== 'open') throw notAllowed('email-undo-over');
  const { userId, email } = state.undo;
  const { firstName, lastName } = await userOf(ctx, userId);
  await requireGoodPassword(ctx, password, [email, firstName, lastName]);
  const hash = await ctx.passwords.seal(password); // slow on purpose, so before the transaction
  await ctx.transaction(async (tx) => {
    await holdUser(tx, userId); // the person first, as everything does that ends links
    const undo = await spendEmailUndo(tx, token);
    if (!undo) throw notAllowed('email-undo-over');
    const actor = { kind: 'user', userId, name: undo.email, ip } as const;
    await changeUser(tx, actor, userId, { email: undo.email }, { verified: true, putsBack: true });
    await storePassword(tx, actor, userId, hash, { event: 'user.email.change_undone' });
    await dropLinks(tx, actor, userId);
    await holdPasskeysBack(tx, userId);
    await tellPasswordChanged(tx, { user_id: userId, administrator_id: null });
  });
}
