// What an account has of access beside its people, set aside while it is a part of another: who was invited, who was here
// before, who owned it, what it asks at the door. Nothing of it holds for the other account.

import { asksForSecondFactor, putSecondFactorRule } from '#domain/access/entry-rules.table.ts';
import type { FormerMemberRow } from '#domain/access/former-members.table.ts';
import { putFormerMember, takeFormerMemberRows } from '#domain/access/former-members.table.ts';
import type { InvitationRow } from '#domain/access/invitations.table.ts';
import { putInvitationRow, takeInvitationRows } from '#domain/access/invitations.table.ts';
import { endInvitationsTo } from '#domain/access/invitations.ts';
import { cancelOwnershipOffer } from '#domain/access/ownership-offers.ts';
import type { TransferRow } from '#domain/access/ownership-transfers.table.ts';
import { offerRow, putTransferRow, takeTransferRows } from '#domain/access/ownership-transfers.table.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { usersOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** What was set aside. */
export type SetAside = {
  readonly invitations: readonly InvitationRow[];
  readonly formerMembers: readonly FormerMemberRow[];
  readonly transfers: readonly TransferRow[];
  readonly asksForSecondFactor: boolean;
};

/** Calls off what waits for an answer, the invitations and the offer of the account, and sets all of it aside. */
export async function setAccessAside(tx: Context, actor: Actor, clientId: number): Promise<SetAside> {
  await endInvitationsTo(tx, actor, clientId);
  if (await offerRow(tx, clientId)) await cancelOwnershipOffer(tx, actor, clientId);
  const asks = await asksForSecondFactor(tx, clientId);
  await putSecondFactorRule(tx, clientId, false);
  return {
    invitations: await takeInvitationRows(tx, clientId),
    formerMembers: await takeFormerMemberRows(tx, clientId),
    transfers: await takeTransferRows(tx, clientId),
    asksForSecondFactor: asks,
  };
}

/** Puts back what was set aside, as far as the people it tells of are still here. */
export async function putAccessBack(tx: Context, clientId: number, aside: SetAside): Promise<void> {
  const users = await usersOf(tx, [...new Set(peopleIn(aside))]);
  const here = (id: number | null): boolean => id !== null && users.has(id);
  await putSecondFactorRule(tx, clientId, aside.asksForSecondFactor);
  for (const row of aside.invitations)
    await putInvitationRow(tx, {
      ...row,
      invited_by: here(row.invited_by) ? row.invited_by : null,
      accepted_by: here(row.accepted_by) ? row.accepted_by : null,
    });
  for (const row of aside.formerMembers) if (here(row.user_id)) await putFormerMember(tx, row);
  for (const row of aside.transfers) if (here(row.from_user_id) && here(row.to_user_id)) await putTransferRow(tx, row);
}

function peopleIn({ invitations, formerMembers, transfers }: SetAside): number[] {
  return [
    ...invitations.flatMap((row) => [row.invited_by, row.accepted_by].filter((id) => id !== null)),
    ...formerMembers.map((row) => row.user_id),
    ...transfers.flatMap((row) => [row.from_user_id, row.to_user_id]),
  ];
}
