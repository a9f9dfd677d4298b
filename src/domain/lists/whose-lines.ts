// Whose lines of the log are meant by a name: people write the e-mail of a client or a user, or the name of an administrator.

import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { Whose } from '#domain/audit/audit-search.ts';
import { findClientByEmail } from '#domain/clients/clients.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The user and the client of an address, or the administrator of a name; undefined when it is nobody's. */
export async function whoseLines(ctx: Context, name: string): Promise<{ readonly whose: Whose } | undefined> {
  const whose = name.includes('@') ? await ofAddress(ctx, name) : await ofName(ctx, name);
  return Object.values(whose).some((id) => id !== undefined) ? { whose } : undefined;
}

async function ofAddress(ctx: Context, address: string): Promise<Whose> {
  const [user, client] = await Promise.all([findUserByEmail(ctx, address), findClientByEmail(ctx, address)]);
  return { userId: user?.id, clientId: client?.id };
}

async function ofName(ctx: Context, name: string): Promise<Whose> {
  const found = (await listAdministrators(ctx)).find((one) => comparable(one.username) === comparable(name));
  return { administratorId: found?.id };
}
