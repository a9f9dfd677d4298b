// The table of PINs: one row a user, the newest PIN in it.

import type { Context } from '#src/context.ts';

/** A PIN as stored: its fingerprint by the installation's key, to be compared, and itself sealed, to be shown to its person. */
export type PinRow = {
  user_id: number;
  pin_mac: string;
  pin_sealed: string;
  tries: number;
  made_at: number;
  expires_at: number;
  used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    support_pins: PinRow;
  }
}

/** Puts a new PIN in place of whatever there was. */
export async function putPin(tx: Context, row: Omit<PinRow, 'tries' | 'used_at'>): Promise<void> {
  const fresh = { ...row, tries: 0, used_at: null };
  await tx.db
    .insertInto('support_pins')
    .values(fresh)
    .onConflict((on) => on.column('user_id').doUpdateSet(fresh))
    .execute();
}

/** The newest PIN of a user, whatever became of it. */
export async function findPin(ctx: Context, userId: number): Promise<PinRow | undefined> {
  return ctx.db.selectFrom('support_pins').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/**
 * Tries a PIN: one statement that counts the try and, when it is right, spends the PIN. Of any number of callers one is told
 * that it was right. A PIN that is over, spent, or was tried `most` times takes no try any more.
 */
export async function tryPin(tx: Context, userId: number, mac: string, most: number): Promise<boolean> {
  const tried = await tx.db
    .updateTable('support_pins')
    .set((eb) => ({
      tries: eb('tries', '+', 1),
      used_at: eb.case().when('pin_mac', '=', mac).then(tx.now()).else(null).end(),
    }))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .where('tries', '<', most)
    .returning('used_at')
    .executeTakeFirst();
  return tried !== undefined && tried.used_at !== null;
}

/** Takes away PINs whose time was over before `before`. */
export async function sweepPins(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('support_pins').where('expires_at', '<', before).execute();
}
