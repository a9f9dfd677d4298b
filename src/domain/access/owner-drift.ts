// An account and its owner each have a name and an address, and nothing keeps them alike (behaviours.md 2.1, 2.10): where
// they differ is reported, and either side can be copied to the other.

import { ownerIdOf } from '#domain/access/members.ts';
import type { DriftRow } from '#domain/access/owner-drift.view.ts';
import { countDriftRows, driftAbove, driftBelow } from '#domain/access/owner-drift.view.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientOf } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import { changeUser, userOf } from '#domain/users/users.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The details that both have. */
export const SHARED_DETAILS = ['firstName', 'lastName', 'email'] as const;
export type SharedDetail = (typeof SHARED_DETAILS)[number];
type Details = Readonly<Record<SharedDetail, string>>;

/** An account whose details are others than its owner's. */
export type Drift = {
  /** The account's. */
  readonly id: number;
  readonly name: string;
  readonly ownerId: number;
  readonly client: Details;
  readonly owner: Details;
};

/** What of an account is another than its owner's. Upper and lower case are no difference. */
export function differences(client: Pick<Client, SharedDetail>, owner: Pick<User, SharedDetail>): SharedDetail[] {
  return SHARED_DETAILS.filter((one) => comparable(client[one]) !== comparable(owner[one]));
}

/**
 * A page of the accounts that are not closed and differ from their owner, the newest first, and how many there are. Two that
 * were changed at the same moment, the account and its owner, may stand here and be alike.
 */
export async function pageOfDrift(
  ctx: Context,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Drift> & { readonly count: CappedCount }> {
  const read =
    place.before === undefined
      ? await driftBelow(ctx, place.after ?? Number.MAX_SAFE_INTEGER, size + 1)
      : [...(await driftAbove(ctx, place.before, size + 1))].reverse();
  const counted = await countDriftRows(ctx, COUNT_CAP + 1);
  const count = { count: Math.min(counted, COUNT_CAP), exact: counted <= COUNT_CAP };
  return { ...keysetPage(read.map(driftFrom), size, place), count };
}

/** Gives an account the name and address of its owner. Throws not-found, or invalid by field. */
export async function copyOwnerToClient(ctx: Context, actor: Actor, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { firstName, lastName, email } = await userOf(tx, await ownerOf(tx, clientId));
    await changeClient(tx, actor, clientId, { firstName, lastName, email });
  });
}

/**
 * Gives an owner the name and address of their account: the address is the one they sign in with, so their sessions end and
 * the address before is told. Throws not-found, invalid by field, or conflict `email-taken`.
 */
export async function copyClientToOwner(ctx: Context, actor: Actor, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { firstName, lastName, email } = await clientOf(tx, clientId);
    await changeUser(tx, actor, await ownerOf(tx, clientId), { firstName, lastName, email });
  });
}

async function ownerOf(tx: Context, clientId: number): Promise<number> {
  const ownerId = await ownerIdOf(tx, clientId);
  if (ownerId === undefined) throw notFound('owner-not-found');
  return ownerId;
}

function driftFrom(row: DriftRow): Drift {
  const client = { firstName: row.client_first, lastName: row.client_last, email: row.client_email };
  return {
    id: row.id,
    name: displayName({ ...client, companyName: row.client_company }),
    ownerId: row.owner_id,
    client,
    owner: { firstName: row.owner_first, lastName: row.owner_last, email: row.owner_email },
  };
}
