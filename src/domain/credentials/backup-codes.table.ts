// The table of backup codes. A row is a code that was not used yet: using it deletes it.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A backup code as stored. */
export type BackupCodeRow = {
  id: number;
  user_id: number | null;
  administrator_id: number | null;
  /** Its first characters, which name the row. */
  beginning: string;
  hash: string;
  created_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    backup_codes: Omit<BackupCodeRow, 'id'> & { id: Generated<number> };
  }
}

/** Puts these codes in the place of all that a person had. Call it in a transaction that holds the person. */
export async function putBackupCodes(
  tx: Context,
  holder: FactorHolder,
  codes: readonly { readonly beginning: string; readonly hash: string }[],
): Promise<void> {
  await deleteBackupCodes(tx, holder);
  const whose = {
    user_id: holder.kind === 'user' ? holder.id : null,
    administrator_id: holder.kind === 'administrator' ? holder.id : null,
    created_at: tx.now(),
  };
  await tx.db
    .insertInto('backup_codes')
    .values(codes.map((code) => ({ ...code, ...whose })))
    .execute();
}

/** The code of a person that begins like this. */
export async function findBackupCode(
  ctx: Context,
  holder: FactorHolder,
  beginning: string,
): Promise<BackupCodeRow | undefined> {
  return (await ONE_OF[holder.kind](ctx, holder.id, beginning))[0];
}

const ONE_OF = {
  user: hotQuery<BackupCodeRow>('select * from backup_codes where user_id = ? and beginning = ?'),
  administrator: hotQuery<BackupCodeRow>('select * from backup_codes where administrator_id = ? and beginning = ?'),
};

/** How many a person has left, and when they were made. */
export async function countBackupCodes(
  ctx: Context,
  holder: FactorHolder,
): Promise<{ readonly left: number; readonly madeAt: number | undefined }> {
  const row = (await COUNT_OF[holder.kind](ctx, holder.id))[0];
  return { left: Number(row?.codes ?? 0), madeAt: row?.made_at ?? undefined };
}

type Counted = { codes: number | string; made_at: number | null };
const COUNT_OF = {
  user: hotQuery<Counted>('select count(*) as codes, max(created_at) as made_at from backup_codes where user_id = ?'),
  administrator: hotQuery<Counted>(
    'select count(*) as codes, max(created_at) as made_at from backup_codes where administrator_id = ?',
  ),
};

/** Spends a code; true for exactly one caller. One statement. */
export async function spendBackupCode(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('backup_codes').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Takes away all of a person's codes. */
export async function deleteBackupCodes(tx: Context, holder: FactorHolder): Promise<void> {
  const column = holder.kind === 'user' ? 'user_id' : 'administrator_id';
  await tx.db.deleteFrom('backup_codes').where(column, '=', holder.id).execute();
}
