// The list of moves as rules read and write it: what an account had, by kind, and back again.

import type { TakenMember } from '#domain/access/merged-members.ts';
import type { SetAside } from '#domain/access/set-aside.ts';
import type { TakenContacts } from '#domain/contacts/merged-contacts.ts';
import type { TakenValue } from '#domain/fields/merged-values.ts';
import type { MoveKind, MoveRow } from '#domain/merging/merge-moves.table.ts';
import { insertMoves, moveRowsOf } from '#domain/merging/merge-moves.table.ts';
import type { Context } from '#src/context.ts';

/** Rows that only change whose they are, by kind. */
export const PLAIN_KINDS = ['note', 'file', 'letter', 'consent', 'alert'] as const;
/** A kind of row that only changes whose it is. */
export type PlainKind = (typeof PLAIN_KINDS)[number];

/** Everything that an account had. Amounts in minor units. */
export type Belongings = {
  readonly members: readonly TakenMember[];
  readonly contacts: TakenContacts;
  readonly values: readonly TakenValue[];
  readonly plain: Readonly<Record<PlainKind, readonly number[]>>;
  readonly aside: SetAside;
  readonly creditMinor: number;
};

/** Writes the list down. */
export async function keepMoves(
  tx: Context,
  of: { readonly mergeId: number; readonly from: number; readonly into: number },
  had: Belongings,
): Promise<void> {
  const move = (kind: MoveKind, rowId: number, went: boolean, before?: unknown): Omit<MoveRow, 'id'> => ({
    merge_id: of.mergeId,
    kind,
    row_id: rowId,
    from_client_id: of.from,
    to_client_id: went ? of.into : null,
    before: before === undefined ? null : JSON.stringify(before),
  });
  const { aside } = had;
  await insertMoves(tx, [
    ...had.members.map(({ row, joined }) => move('member', row.user_id, joined, row)),
    ...had.contacts.moved.map((id) => move('contact', id, true)),
    ...had.contacts.aside.map((row) => move('contact', row.id, false, row)),
    ...had.values.map(({ row, filled }) => move('field-value', row.field_id, filled, row)),
    ...PLAIN_KINDS.flatMap((kind) => had.plain[kind].map((id) => move(kind, id, true))),
    ...aside.invitations.map((row) => move('invitation', row.id, false, row)),
    ...aside.formerMembers.map((row) => move('former-member', row.user_id, false, row)),
    ...aside.transfers.map((row) => move('ownership-transfer', row.id, false, row)),
    ...(aside.asksForSecondFactor ? [move('entry-rule', of.from, false, { second_factor: 1 })] : []),
    ...(had.creditMinor === 0 ? [] : [move('credit', of.from, true, { amountMinor: had.creditMinor })]),
  ]);
}

/** Reads the list of a merge. */
export async function readMoves(ctx: Context, mergeId: number): Promise<Belongings> {
  const moves = await moveRowsOf(ctx, mergeId);
  const of = (kind: MoveKind): MoveRow[] => moves.filter((move) => move.kind === kind);
  const [credit] = of('credit').map((move) => before<{ amountMinor: number }>(move));
  return {
    members: of('member').map((move) => ({ row: before(move), joined: move.to_client_id !== null })),
    contacts: {
      moved: of('contact').filter(went).map(rowId),
      aside: of('contact')
        .filter((move) => !went(move))
        .map((move) => before(move)),
    },
    values: of('field-value').map((move) => ({ row: before(move), filled: went(move) })),
    plain: {
      note: of('note').map(rowId),
      file: of('file').map(rowId),
      letter: of('letter').map(rowId),
      consent: of('consent').map(rowId),
      alert: of('alert').map(rowId),
    },
    aside: {
      invitations: of('invitation').map((move) => before(move)),
      formerMembers: of('former-member').map((move) => before(move)),
      transfers: of('ownership-transfer').map((move) => before(move)),
      asksForSecondFactor: of('entry-rule').length > 0,
    },
    creditMinor: credit?.amountMinor ?? 0,
  };
}

function went(move: MoveRow): boolean {
  return move.to_client_id !== null;
}

function rowId(move: MoveRow): number {
  return move.row_id;
}

function before<Row>(move: MoveRow): Row {
  return JSON.parse(move.before ?? '') as Row; // written by keepMoves, which gives each kind its own row
}
