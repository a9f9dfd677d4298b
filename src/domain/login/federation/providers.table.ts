// The table of sites that tell us who somebody is. Their secrets are sealed.

import type { Generated } from 'kysely';
import type { ProviderKind } from '#domain/login/federation/provider-kinds.ts';
import type { Context } from '#src/context.ts';

/** A provider as stored. Flags are 0 or 1. */
export type ProviderRow = {
  id: number;
  kind: ProviderKind;
  slug: string;
  name: string;
  issuer: string;
  client_id: string;
  sealed_secret: string;
  team_id: string;
  key_id: string;
  scopes: string;
  for_users: number;
  for_administrators: number;
  enabled: number;
  trusts_address: number;
  accepts_factor: number;
  factor_levels: string;
  created_at: number;
  updated_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    sign_in_providers: Omit<ProviderRow, 'id'> & { id: Generated<number> };
  }
}

/** All of them, in the order in which they were made. */
export async function providerRows(ctx: Context): Promise<ProviderRow[]> {
  return ctx.db.selectFrom('sign_in_providers').selectAll().orderBy('id').execute();
}

/** The provider of this id. */
export async function findProviderRow(ctx: Context, id: number): Promise<ProviderRow | undefined> {
  return ctx.db.selectFrom('sign_in_providers').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Adds one. A taken slug breaks the unique key. Answers its id. */
export async function insertProvider(tx: Context, row: Omit<ProviderRow, 'id'>): Promise<number> {
  return (await tx.db.insertInto('sign_in_providers').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** Changes one; false when there is none. */
export async function updateProvider(
  tx: Context,
  id: number,
  row: Partial<Omit<ProviderRow, 'id' | 'slug' | 'kind' | 'created_at'>>,
): Promise<boolean> {
  const done = await tx.db.updateTable('sign_in_providers').set(row).where('id', '=', id).executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes one, with every link to it. */
export async function deleteProvider(tx: Context, id: number): Promise<boolean> {
  return (await tx.db.deleteFrom('sign_in_providers').where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n;
}
