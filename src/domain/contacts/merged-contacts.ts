// The contacts of a client that becomes a part of another. One whose address the other's book holds already is set aside:
// two of one address in one book would get each letter twice.

import { resetBillingContact } from '#domain/clients/entrusted-fields.ts';
import type { ContactRow } from '#domain/contacts/contacts.table.ts';
import {
  contactRowsOf,
  countContactRows,
  deleteContactRow,
  findContactRowByEmail,
  moveContactRows,
  putContactRow,
} from '#domain/contacts/contacts.table.ts';
import { MOST_CONTACTS } from '#domain/contacts/contacts.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Which contacts moved, by id, and which were set aside, as they were. */
export type TakenContacts = { readonly moved: readonly number[]; readonly aside: readonly ContactRow[] };

/** How many contacts of a client another would get, and how many it has already, by their address. */
export async function contactsToTake(
  ctx: Context,
  from: number,
  into: number,
): Promise<{ readonly moving: number; readonly known: number }> {
  const { moving, known } = await sorted(ctx, from, into);
  return { moving: moving.length, known: known.length };
}

/** Gives the contacts of one client to another, both held. Throws conflict `contacts-too-many`. */
export async function takeContactsAlong(tx: Context, from: number, into: number): Promise<TakenContacts> {
  const { moving, known } = await sorted(tx, from, into);
  const already = await countContactRows(tx, into, MOST_CONTACTS);
  if (moving.length > 0 && already + moving.length > MOST_CONTACTS) throw conflict('merge-contacts-too-many');
  for (const row of known) await deleteContactRow(tx, row.id);
  const ids = moving.map((row) => row.id);
  return { moved: await moveContactRows(tx, from, into, ids), aside: known };
}

/**
 * Gives them back to the client they were of. Answers the ids of those that are there again. Deleted ones stay deleted, and
 * one that was set aside stays away when another has its address by now. Whoever is billed by a contact that it does not
 * have any more is billed itself.
 */
export async function bringContactsBack(
  tx: Context,
  from: number,
  into: number,
  taken: TakenContacts,
  billingContactId: number,
): Promise<number[]> {
  const back = await moveContactRows(tx, into, from, taken.moved);
  for (const id of back) await resetBillingContact(tx, into, id);
  for (const row of taken.aside) {
    if (row.email !== '' && (await findContactRowByEmail(tx, from, row.email))) continue;
    await putContactRow(tx, row);
    back.push(row.id);
  }
  if (!back.includes(billingContactId)) await resetBillingContact(tx, from, billingContactId);
  return back;
}

async function sorted(
  ctx: Context,
  from: number,
  into: number,
): Promise<{ moving: ContactRow[]; known: ContactRow[] }> {
  const [rows, others] = [
    await contactRowsOf(ctx, from, { limit: MOST_CONTACTS }),
    await contactRowsOf(ctx, into, { limit: MOST_CONTACTS }),
  ];
  const addresses = new Set(others.map((row) => row.email_key).filter((key) => key !== ''));
  const isKnown = (row: ContactRow): boolean => addresses.has(row.email_key);
  return { moving: rows.filter((row) => !isKnown(row)), known: rows.filter(isKnown) };
}
