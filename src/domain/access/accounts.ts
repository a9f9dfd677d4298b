// The accounts of a user.

import type { Member } from '#domain/access/members.ts';
import { membershipsOf } from '#domain/access/members.ts';
import { openAccountRows } from '#domain/access/switcher.view.ts';
import { runs } from '#domain/access/terms.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientsOf } from '#domain/clients/clients.ts';
import type { Context } from '#src/context.ts';

/** An account that a user may enter. */
export type Account = { readonly client: Client; readonly member: Member };

/** The accounts that are open to a user now, the oldest first. Closed ones too: whoever shows them decides. */
export async function accountsOf(ctx: Context, userId: number): Promise<Account[]> {
  return (await linkedAccountsOf(ctx, userId)).filter(({ member }) => runs(member, ctx.now()));
}

/** The accounts of a user with those whose time is to come: for whoever looks after the user. */
export async function linkedAccountsOf(ctx: Context, userId: number): Promise<Account[]> {
  const members = (await membershipsOf(ctx, [userId])).get(userId) ?? [];
  const clients = await clientsOf(
    ctx,
    members.map((one) => one.clientId),
  );
  return members.flatMap((member) => {
    const client = clients.get(member.clientId);
    return client ? [{ client, member }] : [];
  });
}

/** An account by its name alone. */
export type NamedAccount = {
  readonly id: number;
  readonly name: Pick<Client, 'firstName' | 'lastName' | 'companyName' | 'email'>;
  readonly isOwner: boolean;
};

/** The accounts that a user may change to, without the closed ones; of more than seven the first eight. For every page. */
export async function accountsToChangeTo(ctx: Context, userId: number): Promise<NamedAccount[]> {
  return (await openAccountRows(ctx, userId)).map((row) => ({
    id: row.id,
    name: { firstName: row.first_name, lastName: row.last_name, companyName: row.company_name, email: row.email },
    isOwner: row.is_owner === 1,
  }));
}
