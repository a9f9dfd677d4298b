// The rule by which accounts become inactive by themselves (behaviours.md 1.4), off unless the operator wants it. Whether an
// account has anything active is answered by the topics that keep services and domains; as long as there is none, that
// half of the rule says nothing: by it alone everybody would be inactive tomorrow.

import { clientStatusRule } from '#domain/access/status-rule.settings.ts';
import { clientsOfStatus, signedInSince } from '#domain/access/status-rule.view.ts';
import { systemActor } from '#domain/audit/actor.ts';
import type { ActiveItems } from '#domain/clients/active-items.ts';
import { moveStatus } from '#domain/clients/client-status.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** Three months without a sign-in. */
export const UNUSED_MS = days(91);
const BATCH = 500;

/** Applies the rule to everybody. Answers how many became inactive, and how many active again. */
export async function applyStatusRule(
  ctx: Context,
  sources: readonly ActiveItems[] = ctx.activeItems,
): Promise<{ readonly inactive: number; readonly active: number }> {
  const mode = await settingOf(ctx, clientStatusRule);
  if (mode === 'off' || (mode === 'items' && sources.length === 0)) return { inactive: 0, active: 0 };
  const byLogin = mode === 'items-and-login';
  const inactive = await move(ctx, 'Active', 'Inactive', (some) => unused(ctx, sources, some, byLogin));
  if (sources.length === 0) return { inactive, active: 0 };
  const active = await move(ctx, 'Inactive', 'Active', (some) => withItems(ctx, sources, idsOf(some)));
  return { inactive, active };
}

type Candidate = { readonly id: number; readonly createdAt: number };

/** Walks the accounts of a status, a batch at a time, and moves those that `chosen` names. Answers how many moved. */
async function move(
  ctx: Context,
  from: ClientStatus,
  to: 'Active' | 'Inactive',
  chosen: (some: readonly Candidate[]) => Promise<ReadonlySet<number>>,
): Promise<number> {
  let moved = 0;
  for (let after = 0; ; ) {
    const batch = await clientsOfStatus(ctx, from, after, BATCH);
    const last = batch.at(-1);
    if (!last) return moved;
    after = last.id;
    const free = batch.filter((row) => row.override_auto_close === 0);
    const ids = await chosen(free.map((row) => ({ id: row.id, createdAt: row.created_at })));
    for (const id of ids) if (await moveStatus(ctx, systemActor('Status rule'), id, from, to)) moved += 1;
  }
}

async function unused(
  ctx: Context,
  sources: readonly ActiveItems[],
  some: readonly Candidate[],
  byLogin: boolean,
): Promise<ReadonlySet<number>> {
  const since = ctx.now() - UNUSED_MS;
  const old = byLogin ? some.filter((one) => one.createdAt < since) : some; // nobody has to sign in on the first day
  const inUse = await withItems(ctx, sources, idsOf(old));
  const signedIn = byLogin ? await signedInSince(ctx, idsOf(old), since) : new Set<number>();
  return new Set(idsOf(old).filter((id) => !inUse.has(id) && !signedIn.has(id)));
}

async function withItems(
  ctx: Context,
  sources: readonly ActiveItems[],
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const answers = await Promise.all(sources.map((source) => source.clientsWithActive(ctx, ids)));
  return new Set(answers.flatMap((answer) => [...answer]));
}

function idsOf(some: readonly Candidate[]): number[] {
  return some.map((one) => one.id);
}
