// What is in the database before people are made up: whether somebody real is there, and where numbering goes on.

import { MADE_UP_DOMAIN } from '#domain/seed/made-up.ts';
import type { Context } from '#src/context.ts';

/** Whether any user or client has an address that was not made up. Reads the tables from one end until it finds one. */
export async function hasRealPeople(ctx: Context): Promise<boolean> {
  const madeUp = `%${MADE_UP_DOMAIN}`;
  const user = ctx.db.selectFrom('users').select('id').where('email_key', 'not like', madeUp).limit(1);
  const client = ctx.db.selectFrom('clients').select('id').where('email_key', 'not like', madeUp).limit(1);
  return (await user.executeTakeFirst()) !== undefined || (await client.executeTakeFirst()) !== undefined;
}

/** The highest ids given so far. */
export async function highestIds(ctx: Context): Promise<{ user: number; client: number }> {
  const user = await ctx.db
    .selectFrom('users')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  const client = await ctx.db
    .selectFrom('clients')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return { user: Number(user?.id ?? 0), client: Number(client?.id ?? 0) };
}
