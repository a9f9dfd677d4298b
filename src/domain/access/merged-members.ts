// The people of an account that becomes a part of another (behaviours.md, section 15, number 18): they become members there
// with what they had, its owner with every permission. Whoever is a member there already keeps the standing they have.

import { accessAdded } from '#domain/access/access.events.ts';
import { dropFormerMember } from '#domain/access/former-members.table.ts';
import { removeMember } from '#domain/access/member-changes.ts';
import type { MemberRow } from '#domain/access/members.table.ts';
import { deleteEndedMembers, insertMember, lockMemberRow, takeMemberRows } from '#domain/access/members.table.ts';
import { memberFrom } from '#domain/access/members.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { isOver } from '#domain/access/terms.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { usersOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** A membership that was taken along. `joined`: it became one of the other account, where there was none. */
export type TakenMember = { readonly row: MemberRow; readonly joined: boolean };

/** Makes the people of one account people of another, both held for removal by the caller. Answers who they were. */
export async function takeMembersAlong(tx: Context, from: number, into: number): Promise<TakenMember[]> {
  const taken: TakenMember[] = [];
  for (const row of await takeMemberRows(tx, from)) {
    const joined = !isOver(memberFrom(row), tx.now()) && (await joinAs(tx, row, into));
    if (joined) await tx.bus.announce(tx, accessAdded, { clientId: into, userId: row.user_id });
    taken.push({ row, joined });
  }
  return taken;
}

/** An owner becomes a member who may do everything, as after any change of owner, but invites nobody: that is the owner's to give. */
async function joinAs(tx: Context, row: MemberRow, into: number): Promise<boolean> {
  const access =
    row.is_owner === 1
      ? { permissions: ACCESS_PERMISSIONS.join(','), service_ids: '', may_invite: 0, starts_at: null, ends_at: null }
      : row;
  await deleteEndedMembers(tx, [row.user_id], into);
  const fresh = { client_id: into, is_owner: 0, created_at: tx.now(), last_entered_at: null };
  if (!(await insertMember(tx, { ...row, ...access, ...fresh }))) return false;
  await dropFormerMember(tx, row.user_id, into);
  return true;
}

/** What became of a membership when its account came back. */
export type MemberReturn =
  /** They are what they were, and members of the other account no more, if they were not before. */
  | 'back'
  /** The same; and the other account is theirs by now, or they would have left it. */
  | 'back-and-owner'
  /** Somebody removed them from the other account meanwhile: so they stay, unless the account that came back is theirs. */
  | 'removed-since'
  /** There is no such user any more. */
  | 'gone';

/** Gives the people of an account back to it, which stands again. Answers what became of each. */
export async function bringMembersBack(
  tx: Context,
  actor: Actor,
  from: number,
  into: number,
  taken: readonly TakenMember[],
): Promise<Map<number, MemberReturn>> {
  const users = await usersOf(
    tx,
    taken.map(({ row }) => row.user_id),
  );
  const returns = new Map<number, MemberReturn>();
  for (const one of taken) {
    const userId = one.row.user_id;
    returns.set(userId, users.has(userId) ? await bringBack(tx, actor, from, into, one) : 'gone');
  }
  return returns;
}

async function bringBack(
  tx: Context,
  actor: Actor,
  from: number,
  into: number,
  { row, joined }: TakenMember,
): Promise<MemberReturn> {
  const there = await lockMemberRow(tx, row.user_id, into);
  const wasOver = isOver(memberFrom(row), tx.now());
  if (!there && row.is_owner === 0 && !wasOver) return 'removed-since';
  await insertMember(tx, row);
  if (!wasOver) await tx.bus.announce(tx, accessAdded, { clientId: from, userId: row.user_id });
  if (!joined || !there) return 'back';
  if (there.is_owner === 1) return 'back-and-owner';
  if (isOver(memberFrom(there), tx.now())) await deleteEndedMembers(tx, [row.user_id], into);
  else await removeMember(tx, actor, row.user_id, into);
  return 'back';
}
