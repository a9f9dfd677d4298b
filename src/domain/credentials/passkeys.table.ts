// The tables of passkeys and of the names by which authenticators know people.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

type PasskeysTable = {
  id: Generated<number>;
  user_id: number | null;
  administrator_id: number | null;
  site: string;
  credential_id: string;
  public_key: string;
  sign_count: number;
  transports: string;
  authenticator: string;
  backup_eligible: 0 | 1;
  backed_up: 0 | 1;
  verifies_person: 0 | 1;
  second_only: 0 | 1;
  name: string;
  created_at: number;
  last_used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    passkeys: PasskeysTable;
    passkey_handles: { handle: string; user_id: number | null; administrator_id: number | null };
  }
}

/** What an authenticator handed over when a passkey was made. */
export type NewPasskey = {
  /** The host that it answers to. */
  readonly site: string;
  /** Its name among all credentials, base64url. */
  readonly credentialId: string;
  /** The COSE key, base64url. */
  readonly publicKey: string;
  readonly signCount: number;
  /** How it may be reached: `usb`, `internal`, … */
  readonly transports: readonly string[];
  /** The AAGUID: which make of authenticator it is, or zeros. */
  readonly authenticator: string;
  /** Whether it may be copied to the person's other devices by its maker, and whether it was. */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** Whether it checked its person, by finger, face or PIN, when it was made. */
  readonly verifiesPerson: boolean;
};

/** A passkey as stored. */
export type StoredPasskey = NewPasskey & {
  readonly id: number;
  readonly holder: FactorHolder;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
  /** Whether it stands beside a password and opens nothing alone. */
  readonly secondOnly: boolean;
};

/** Keeps a passkey; undefined when that very credential is kept already, whoever's it is. */
export async function insertPasskey(
  tx: Context,
  holder: FactorHolder,
  given: NewPasskey,
  name: string,
): Promise<number | undefined> {
  const row = await tx.db
    .insertInto('passkeys')
    .values({
      ...columnsOf(holder),
      site: given.site,
      credential_id: given.credentialId,
      public_key: given.publicKey,
      sign_count: given.signCount,
      transports: given.transports.join(','),
      authenticator: given.authenticator,
      backup_eligible: given.backupEligible ? 1 : 0,
      backed_up: given.backedUp ? 1 : 0,
      verifies_person: given.verifiesPerson ? 1 : 0,
      second_only: 0,
      name,
      created_at: tx.now(),
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** The passkeys of a person, the oldest first. */
export async function selectPasskeys(ctx: Context, holder: FactorHolder): Promise<StoredPasskey[]> {
  const rows = await ctx.db
    .selectFrom('passkeys')
    .selectAll()
    .where(columnOf(holder), '=', holder.id)
    .orderBy('id')
    .execute();
  return rows.map(passkeyOf);
}

/** How many passkeys a person has. */
export async function countPasskeys(ctx: Context, holder: FactorHolder): Promise<number> {
  const row = await ctx.db
    .selectFrom('passkeys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(columnOf(holder), '=', holder.id)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Whether a person has any passkey. */
export async function hasPasskey(ctx: Context, holder: FactorHolder): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('passkeys')
    .select('id')
    .where(columnOf(holder), '=', holder.id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The passkey of this credential, whoever's it is. */
export async function findPasskey(ctx: Context, credentialId: string): Promise<StoredPasskey | undefined> {
  const row = await ctx.db
    .selectFrom('passkeys')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .executeTakeFirst();
  return row && passkeyOf(row);
}

/**
 * Notes that a passkey answered with this counter: true when it is still there and its counter went forward, or it counts
 * nothing. One statement, so of two answers with one count only one is good. `alone`: it is to open something by itself, which
 * it must still be able to.
 */
export async function noteUse(
  tx: Context,
  id: number,
  used: { readonly signCount: number; readonly backupEligible: boolean; readonly backedUp: boolean },
  alone: boolean,
): Promise<boolean> {
  const query = tx.db
    .updateTable('passkeys')
    .set({
      sign_count: used.signCount,
      backup_eligible: used.backupEligible ? 1 : 0,
      backed_up: used.backedUp ? 1 : 0,
      last_used_at: tx.now(),
    })
    .where('id', '=', id)
    .where((eb) => (used.signCount === 0 ? eb('sign_count', '=', 0) : eb('sign_count', '<', used.signCount)));
  const done = await (alone ? query.where('second_only', '=', 0) : query).executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** From now on none of the passkeys that a user has opens anything alone. */
export async function makeSecondOnly(tx: Context, userId: number): Promise<void> {
  await tx.db.updateTable('passkeys').set({ second_only: 1 }).where('user_id', '=', userId).execute();
}

/** Gives a person's passkey another name; false when they have none of this id. */
export async function updateName(tx: Context, holder: FactorHolder, id: number, name: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('passkeys')
    .set({ name })
    .where('id', '=', id)
    .where(columnOf(holder), '=', holder.id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes a person's passkey away; true for exactly one caller. */
export async function deletePasskey(tx: Context, holder: FactorHolder, id: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where(columnOf(holder), '=', holder.id)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Takes all passkeys of a person away. The name by which authenticators know them stays, for the next one. */
export async function deletePasskeys(tx: Context, holder: FactorHolder): Promise<void> {
  await tx.db.deleteFrom('passkeys').where(columnOf(holder), '=', holder.id).execute();
}

/** The ids of those among `ids` who have any. One read. */
export async function holdersOfPasskeys(
  ctx: Context,
  kind: FactorHolder['kind'],
  ids: readonly number[],
): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const column = columnOf({ kind, id: 0 });
  const rows = await ctx.db.selectFrom('passkeys').select(column).distinct().where(column, 'in', ids).execute();
  return rows.map((row) => row[column]).filter((id) => id !== null);
}

/** The name by which authenticators know a person, once they have one. */
export async function handleOf(ctx: Context, holder: FactorHolder): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('passkey_handles')
    .select('handle')
    .where(columnOf(holder), '=', holder.id)
    .executeTakeFirst();
  return row?.handle;
}

/** Keeps the name by which authenticators know a person, unless they have one. */
export async function insertHandle(tx: Context, holder: FactorHolder, handle: string): Promise<void> {
  await tx.db
    .insertInto('passkey_handles')
    .values({ handle, ...columnsOf(holder) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function columnOf(holder: FactorHolder): 'user_id' | 'administrator_id' {
  return holder.kind === 'user' ? 'user_id' : 'administrator_id';
}

function columnsOf(holder: FactorHolder): { user_id: number | null; administrator_id: number | null } {
  return {
    user_id: holder.kind === 'user' ? holder.id : null,
    administrator_id: holder.kind === 'administrator' ? holder.id : null,
  };
}

type PasskeyRow = Omit<PasskeysTable, 'id'> & { id: number };

function passkeyOf(row: PasskeyRow): StoredPasskey {
  const ofUser = row.user_id !== null;
  return {
    id: row.id,
    holder: ofUser ? { kind: 'user', id: row.user_id ?? 0 } : { kind: 'administrator', id: row.administrator_id ?? 0 },
    site: row.site,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    signCount: row.sign_count,
    transports: row.transports === '' ? [] : row.transports.split(','),
    authenticator: row.authenticator,
    backupEligible: row.backup_eligible === 1,
    backedUp: row.backed_up === 1,
    verifiesPerson: row.verifies_person === 1,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    secondOnly: row.second_only === 1,
  };
}
