// The table of browsers. Of a browser's cookie only a hash is kept.

import type { Generated } from 'kysely';
import { sql } from 'kysely';
import { hotInsert, hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A browser as stored. */
export type DeviceRow = {
  id: number;
  token_hash: string;
  previous_hash: string | null;
  rotated_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    devices: Omit<DeviceRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a browser that was not known. Answers its id. */
export async function insertDevice(tx: Context, row: Omit<DeviceRow, 'id'>): Promise<number> {
  const [made] = await ADD(tx, row);
  if (!made) throw new Error('a browser was kept without an id');
  return made.id;
}

const ADD = hotInsert<Omit<DeviceRow, 'id'>, Pick<DeviceRow, 'id'>>(
  'devices',
  { token_hash: true, previous_hash: true, rotated_at: true },
  'id',
);

/** Puts a new cookie's hash in place of the old one; the browser's id, for exactly one caller. */
export async function rotateDevice(tx: Context, before: string, after: string): Promise<number | undefined> {
  const [row] = await ROTATE(tx, after, tx.now(), before);
  return row?.id;
}

const ROTATE = hotQuery<Pick<DeviceRow, 'id'>>(
  'update devices set previous_hash = token_hash, token_hash = ?, rotated_at = ? where token_hash = ? returning id',
);

/** Puts a cookie's hash in the place of whatever a browser had; what it had before is worth nothing from here on. */
export async function replaceCookie(tx: Context, id: number, hash: string): Promise<void> {
  await tx.db
    .updateTable('devices')
    .set({ token_hash: hash, previous_hash: null, rotated_at: tx.now() })
    .where('id', '=', id)
    .execute();
}

/** The browser whose cookie this was, right before the present one and replaced by `until`; for exactly one caller. */
export async function spendPrevious(tx: Context, before: string, until: number): Promise<number | undefined> {
  const row = await tx.db
    .updateTable('devices')
    .set({ previous_hash: null })
    .where('previous_hash', '=', before)
    .where('rotated_at', '<=', until)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Takes away some browsers that nobody is known on. Answers how many. */
export async function sweepDevices(ctx: Context, most: number): Promise<number> {
  const done = await sql`delete from devices where id in (
    select d.id from devices d where not exists (select 1 from known_devices k where k.device_id = d.id)
    order by d.id limit ${sql.lit(most)})`.execute(ctx.db);
  return Number(done.numAffectedRows ?? 0n);
}
