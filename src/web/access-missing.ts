// What somebody hears who may not enter an account, or not this page of it: what, why, and who can change that
// (behaviours.md, section 15, number 20).

import type { Entry } from '#domain/access/entry.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { whereItWentFor } from '#domain/merging/merges.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import { notAllowed, notFound, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { Frame } from '#web/parts/frame.ts';
import { wholeNumber } from '#web/staff.ts';

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
  wanted: { readonly userId: number | undefined; readonly client: string | undefined },
): Promise<Problem> {
  if (entry === undefined || entry.at === 'unknown') return notHere(ctx, wanted);
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

/** Whose account became a part of another is told so: an old letter or bookmark leads here. */
async function notHere(
  ctx: Context,
  { userId, client }: { readonly userId: number | undefined; readonly client: string | undefined },
): Promise<Problem> {
  const id = wholeNumber(client);
  const went = userId === undefined || id === undefined ? undefined : await whereItWentFor(ctx, userId, id);
  if (!went) return notFound('account-not-found');
  return new Problem('not-found', 'account-merged', { values: { account: displayName(went) } });
}

async function ownerWords(ctx: Context, clientId: number): Promise<{ owner: string; known: string }> {
  const ownerId = await ownerIdOf(ctx, clientId);
  const owner = ownerId === undefined ? undefined : await findUser(ctx, ownerId);
  return { owner: owner ? nameOf(owner) : '', known: owner ? 'yes' : 'no' };
}
