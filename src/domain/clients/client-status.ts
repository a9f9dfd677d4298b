// The status of a client account: closing it, and moving it by a rule of ours.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { changeColumns } from '#domain/clients/client-changes.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { clientClosed, clientStatusChanged } from '#domain/clients/clients.events.ts';
import type { ClientStatus } from '#domain/clients/clients.table.ts';
import { lockClientRow, updateClientRow } from '#domain/clients/clients.table.ts';
import { clientFrom, holdClient } from '#domain/clients/clients.ts';
import type { Context } from '#src/context.ts';

/**
 * Moves a client from one status to another for a rule of ours, unless it has another status meanwhile or staff exempted it.
 * Answers whether it moved.
 */
export async function moveStatus(
  ctx: Context,
  actor: Actor,
  id: number,
  from: ClientStatus,
  to: Exclude<ClientStatus, 'Closed'>,
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const row = await lockClientRow(tx, id, 'change');
    if (row?.status !== from || row.override_auto_close === 1) return false;
    const before = clientFrom(row);
    await updateClientRow(tx, id, { status: to }, changeColumns(before));
    await audit(tx, actor, {
      event: 'client.status_changed',
      description: `The client ${displayName(before)} became ${to}`,
      clientId: id,
      details: { status: { before: from, after: to } },
    });
    await tx.bus.announce(tx, clientStatusChanged, { clientId: id, before: from, after: to });
    return true;
  });
}

/** Closes a client: its people can look, but no longer act (behaviours.md 1.4, 1.5; section 15, number 16). */
export async function closeClient(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await holdClient(tx, id, 'change');
    if (before.status === 'Closed') return;
    const columns = changeColumns({ ...before, status: 'Closed' });
    await updateClientRow(tx, id, { ...columns, closed_at: tx.now() }, columns);
    await audit(tx, actor, {
      event: 'client.closed',
      description: `The client ${displayName(before)} was closed`,
      clientId: id,
    });
    await tx.bus.announce(tx, clientStatusChanged, { clientId: id, before: before.status, after: 'Closed' });
    await tx.bus.announce(tx, clientClosed, { clientId: id });
  });
}
