// What somebody hears who may not enter an account, or not this page of it: what, why, and who can change that
// (behaviours.md, section 15, number 20).

import type { Entry } from '#domain/access/entry.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { displayName } from '#domain/clients/clients.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import type { Problem } from '#kit/problem.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { Frame } from '#web/parts/frame.ts';

/** The refusal of a page for want of a permission on this account. */
export async function accessMissing(
  ctx: Context,
  frame: Frame,
  clientId: number,
  permission: AccessPermission,
): Promise<Problem> {
  return notAllowed('access-missing', {
    permission: frame.t(`client.permission.${permission}`),
    ...(await ownerWords(ctx, clientId)),
  });
}

/** The refusal of the pages for inviting to a member whom the owner did not let. */
export async function invitingMissing(ctx: Context, clientId: number): Promise<Problem> {
  return notAllowed('inviting-missing', await ownerWords(ctx, clientId));
}

/** The refusal of a whole account. One that somebody does not belong to looks like one that does not exist. */
export async function entryRefused(
  ctx: Context,
  frame: Frame,
  entry: Exclude<Entry, { at: 'entered' }> | undefined,
): Promise<Problem> {
  if (entry === undefined || entry.at === 'unknown') return notFound('account-not-found');
  const words = { account: displayName(entry.client), ...(await ownerWords(ctx, entry.client.id)) };
  switch (entry.at) {
    case 'ended':
      return notAllowed('access-ended', { ...words, date: frame.formatDate(entry.endedAt) });
    case 'not-yet':
      return notAllowed('access-not-yet', { ...words, date: frame.formatDate(entry.startsAt) });
    case 'second-factor':
      return notAllowed('second-factor-needed', { ...words, held: entry.held ? 'yes' : 'no' });
  }
}

async function ownerWords(ctx: Context, clientId: number): Promise<{ owner: string; known: string }> {
  const ownerId = await ownerIdOf(ctx, clientId);
  const owner = ownerId === undefined ? undefined : await findUser(ctx, ownerId);
  return { owner: owner ? nameOf(owner) : '', known: owner ? 'yes' : 'no' };
}
