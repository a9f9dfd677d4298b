// The end of a client account: for good, or until a merge is undone.

import type { Actor } from '#domain/audit/actor.ts';
import { audit, forgetClientInLog } from '#domain/audit/audit.ts';
import { clientDeleted } from '#domain/clients/clients.events.ts';
import type { ClientRow } from '#domain/clients/clients.table.ts';
import { deleteClientRow, putClientRow, takeClientRow } from '#domain/clients/clients.table.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientFrom } from '#domain/clients/clients.ts';
import { currencyRows } from '#domain/clients/currencies.table.ts';
import { lockGroupRow } from '#domain/clients/groups.table.ts';
import { forgetLettersOf } from '#domain/mail/outbox.ts';
import { notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Removes a client's own record and with it everything about the person (behaviours.md 1.5): contacts, notes, files, consent
 * and alerts go with the row, its letters are deleted, and the log forgets names and values but not what happened. The
 * credit log stays. `access` has taken its people away before, in the same transaction.
 */
export async function removeClient(tx: Context, actor: Actor, id: number): Promise<void> {
  if (!(await deleteClientRow(tx, id))) throw notFound('client-not-found');
  await forgetLettersOf(tx, id);
  await forgetClientInLog(tx, id);
  await audit(tx, actor, { event: 'client.deleted', description: `The client number ${id} was deleted`, clientId: id });
  await tx.bus.announce(tx, clientDeleted, { clientId: id });
}

/**
 * Takes an account out of the clients, so that nothing can come upon it, and answers it for `bringClientBack`. Whatever
 * belongs to it has to be elsewhere before: the rest goes with it. Only `merging` calls this. Throws not-found.
 */
export async function takeClientAway(tx: Context, id: number): Promise<string> {
  const row = await takeClientRow(tx, id);
  if (!row) throw notFound('client-not-found');
  return JSON.stringify(row);
}

/**
 * Brings an account back that was taken away, as it was; without its group, and in the default currency, where those are
 * gone. Only `merging` calls this.
 */
export async function bringClientBack(tx: Context, taken: string): Promise<Client> {
  const row = JSON.parse(taken) as ClientRow; // written by takeClientAway
  const hasGroup = row.group_id === 0 || (await lockGroupRow(tx, row.group_id, 'keep')) !== undefined;
  const currencies = await currencyRows(tx);
  const currency =
    currencies.find((one) => one.id === row.currency_id) ?? currencies.find((one) => one.is_default === 1);
  const back = { ...row, group_id: hasGroup ? row.group_id : 0, currency_id: currency?.id ?? row.currency_id };
  await putClientRow(tx, back);
  return clientFrom(back);
}
