// Entering an account: the one place where it is decided whether somebody who is signed in may. What they may do once they
// are in is a matter of their permissions (members.ts).

import type { Account } from '#domain/access/accounts.ts';
import type { EntryRow } from '#domain/access/entry.view.ts';
import { entryRow } from '#domain/access/entry.view.ts';
import { asksForSecondFactor, putSecondFactorRule } from '#domain/access/entry-rules.table.ts';
import { findFormerMember } from '#domain/access/former-members.table.ts';
import type { Member } from '#domain/access/members.ts';
import { memberFrom } from '#domain/access/members.ts';
import { isOver, runs } from '#domain/access/terms.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientFrom, findClient, holdClient } from '#domain/clients/clients.ts';
import { holdersWithFactor, showedSecondFactor } from '#domain/credentials/factors.ts';
import { days } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Somebody who is signed in, and how they proved who they are. */
export type Entrant = {
  readonly userId: number;
  readonly methods: readonly string[];
  /** What they last proved it by in this session: a factor set up, or asked again, after signing in counts as well. */
  readonly lastProof?: { readonly provenBy: string };
};

/**
 * What becomes of a try to enter:
 * - `entered`: they are in
 * - `second-factor`: the account asks for one, and this sign-in was without; `held`: whether they have one set up
 * - `ended`, `not-yet`: they had access, or will have
 * - `unknown`: there is nothing here for them, whether or not there is such an account
 */
export type Entry =
  | { readonly at: 'entered'; readonly account: Account }
  | { readonly at: 'second-factor'; readonly client: Client; readonly held: boolean }
  | { readonly at: 'ended'; readonly client: Client; readonly endedAt: number }
  | { readonly at: 'not-yet'; readonly client: Client; readonly startsAt: number }
  | { readonly at: 'unknown' };

/** For how long somebody is told that their access ended; afterwards the account is unknown to them. */
export const TOLD_OF_END_MS = days(90);

/** Whether somebody may enter an account, asked anew at each request. */
export async function enterAccount(ctx: Context, who: Entrant, clientId: number): Promise<Entry> {
  const row = await entryRow(ctx, who.userId, clientId);
  if (!row) return formerEntry(ctx, who.userId, clientId);
  const [member, client] = [memberOf(row), clientFrom(row)];
  if (isOver(member, ctx.now())) return ended(ctx, client, member.endsAt ?? 0);
  if (!runs(member, ctx.now())) return { at: 'not-yet', client, startsAt: member.startsAt ?? 0 };
  if (row.second_factor === 1 && !showedFactor(ctx, who))
    return { at: 'second-factor', client, held: await holdsFactor(ctx, who.userId) };
  return { at: 'entered', account: { client, member } };
}

function memberOf(row: EntryRow): Member {
  const { client_id, user_id, is_owner, permissions, service_ids, may_invite, starts_at, ends_at, last_entered_at } =
    row;
  const created_at = row.member_since;
  const term = { starts_at, ends_at, created_at, last_entered_at };
  return memberFrom({ client_id, user_id, is_owner, permissions, service_ids, may_invite, ...term });
}

async function formerEntry(ctx: Context, userId: number, clientId: number): Promise<Entry> {
  const former = await findFormerMember(ctx, userId, clientId);
  const client = former && (await findClient(ctx, clientId));
  return client ? ended(ctx, client, former.ended_at) : { at: 'unknown' };
}

function ended(ctx: Context, client: Client, endedAt: number): Entry {
  return ctx.now() - endedAt < TOLD_OF_END_MS ? { at: 'ended', client, endedAt } : { at: 'unknown' };
}

/** Whether an account asks everyone who enters it for a second factor. */
export async function requiresSecondFactor(ctx: Context, clientId: number): Promise<boolean> {
  return asksForSecondFactor(ctx, clientId);
}

/**
 * Makes an account ask everyone who enters it for a second factor. For its owner, who must have signed in with one: else
 * they would shut themselves out with the next click. Throws not-allowed `second-factor-first`.
 */
export async function requireSecondFactor(ctx: Context, actor: Actor, who: Entrant, clientId: number): Promise<void> {
  if (!showedFactor(ctx, who) || !(await holdsFactor(ctx, who.userId))) throw notAllowed('second-factor-first');
  await setRule(ctx, actor, clientId, true);
}

/** Lets everyone enter as before: by the owner, or by staff for an owner who lost theirs. */
export async function liftSecondFactor(ctx: Context, actor: Actor, clientId: number): Promise<void> {
  await setRule(ctx, actor, clientId, false);
}

async function setRule(ctx: Context, actor: Actor, clientId: number, asks: boolean): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'keep');
    if (!(await putSecondFactorRule(tx, clientId, asks))) return;
    await audit(tx, actor, {
      event: asks ? 'access.second_factor_required' : 'access.second_factor_lifted',
      description: `The account ${asks ? 'asks' : 'no longer asks'} for a second factor of everyone who enters it`,
      clientId,
    });
  });
}

function showedFactor(ctx: Context, { methods, lastProof }: Entrant): boolean {
  return showedSecondFactor(ctx, lastProof ? [...methods, lastProof.provenBy] : methods);
}

async function holdsFactor(ctx: Context, userId: number): Promise<boolean> {
  return (await holdersWithFactor(ctx, 'user', [userId])).has(userId);
}
