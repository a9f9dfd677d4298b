// The table of who our people are elsewhere: issuer and subject, once on each side (ASVS 5.0 V6.8.1, V10.5.2).

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

/** An identity as stored; `side` says which of the two ids is set. */
export type IdentityRow = {
  id: number;
  side: FactorHolder['kind'];
  user_id: number | null;
  administrator_id: number | null;
  provider_id: number;
  issuer: string;
  subject: string;
  /** The address as the provider told it: for telling accounts apart, never for finding somebody. */
  email: string;
  linked_at: number;
  last_used_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    linked_identities: Omit<IdentityRow, 'id'> & { id: Generated<number> };
  }
}

/** Whose an identity is on this side. */
export async function findIdentityRow(
  ctx: Context,
  side: FactorHolder['kind'],
  issuer: string,
  subject: string,
): Promise<IdentityRow | undefined> {
  return ctx.db
    .selectFrom('linked_identities')
    .selectAll()
    .where('side', '=', side)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
}

/** Links an identity; false when it is linked already, to whomever: of any number at once one wins. */
export async function insertIdentity(tx: Context, row: Omit<IdentityRow, 'id'>): Promise<boolean> {
  const done = await tx.db
    .insertInto('linked_identities')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** The identities of a person, the oldest first. */
export async function identityRowsOf(ctx: Context, holder: FactorHolder): Promise<IdentityRow[]> {
  return ctx.db
    .selectFrom('linked_identities')
    .selectAll()
    .where(holder.kind === 'user' ? 'user_id' : 'administrator_id', '=', holder.id)
    .orderBy('id')
    .execute();
}

/** Takes one of a person's identities away; the row, for exactly one caller. */
export async function deleteIdentity(tx: Context, holder: FactorHolder, id: number): Promise<IdentityRow | undefined> {
  return tx.db
    .deleteFrom('linked_identities')
    .where('id', '=', id)
    .where(holder.kind === 'user' ? 'user_id' : 'administrator_id', '=', holder.id)
    .returningAll()
    .executeTakeFirst();
}

/** Notes that somebody signed in by an identity. */
export async function touchIdentity(tx: Context, id: number, email: string): Promise<void> {
  await tx.db.updateTable('linked_identities').set({ last_used_at: tx.now(), email }).where('id', '=', id).execute();
}

/** How many people are linked to each provider, by its id. */
export async function identityCounts(ctx: Context): Promise<Map<number, number>> {
  const rows = await ctx.db
    .selectFrom('linked_identities')
    .select((eb) => ['provider_id', eb.fn.countAll<number>().as('count')])
    .groupBy('provider_id')
    .execute();
  return new Map(rows.map((row) => [row.provider_id, Number(row.count)]));
}
