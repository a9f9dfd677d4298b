// When a merge is final: the list of moves and who the account was are forgotten, as when a client is deleted (behaviours.md
// 1.5). What moved is the other's for good, and the credit log keeps its entries under the old number.

import type { Actor } from '#domain/audit/actor.ts';
import { audit, forgetClientInLog } from '#domain/audit/audit.ts';
import { deleteMoves } from '#domain/merging/merge-moves.table.ts';
import type { MergeRow } from '#domain/merging/merges.table.ts';
import { dueMergeRows, mergeRowsInto, settleMergeRow } from '#domain/merging/merges.table.ts';
import { UNDO_MERGE_MS } from '#domain/merging/merges.ts';
import type { Context } from '#src/context.ts';

/** Makes final what can be undone no more, up to `limit` merges, each by itself. Answers how many there were. */
export async function settleMerges(ctx: Context, actor: Actor, limit: number): Promise<number> {
  const due = await dueMergeRows(ctx, ctx.now() - UNDO_MERGE_MS, limit);
  for (const row of due) await ctx.transaction((tx) => settle(tx, actor, row));
  return due.length;
}

/** The same at once for all that ever became a part of a client which is being deleted: nothing of them may outlive it. */
export async function settleMergesInto(tx: Context, actor: Actor, clientId: number): Promise<void> {
  for (const row of await mergeRowsInto(tx, clientId, 10_000)) {
    if (row.settled_at === null) await settle(tx, actor, row);
    await settleMergesInto(tx, actor, row.from_client_id);
  }
}

async function settle(tx: Context, actor: Actor, row: MergeRow): Promise<void> {
  if (!(await settleMergeRow(tx, row.id))) return; // undone, or settled by another, meanwhile
  await deleteMoves(tx, row.id);
  await forgetClientInLog(tx, row.from_client_id);
  await audit(tx, actor, {
    event: 'client.merge_settled',
    description: `Client ${row.from_client_id} is a part of client ${row.into_client_id} for good`,
    clientId: row.into_client_id,
  });
}
