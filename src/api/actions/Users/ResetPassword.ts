// ResetPassword: sends a user the letter with a link for setting a password. Nobody learns a password by it.

import { ActionError, action } from '#api/action.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { sendPasswordHelp } from '#domain/login/password-help.ts';
import type { User } from '#domain/users/users.ts';
import { findUser, findUserByEmail } from '#domain/users/users.ts';
import { isMailAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** id of a user, or email; with both the id counts, and 0 is none. The letter goes to the user's address, in their language. */
export default action({
  group: 'Users',
  answer: async ({ ctx, caller, values }) => {
    const user = await namedUser(ctx, values);
    if (!user) throw new ActionError('User Not Found');
    await sendPasswordHelp(ctx, caller.actor, user.id);
    return {};
  },
});

async function namedUser(ctx: Context, values: WireValues): Promise<User | undefined> {
  const id = integer(values, 'id');
  if (id === 'invalid') return undefined;
  if (id) return findUser(ctx, id);
  const email = (scalar(values, 'email') ?? '').trim();
  if (email === '') throw new ActionError('Please enter the email address or provide the id');
  if (!isMailAddress(email)) throw new ActionError('Please provide a valid email address');
  return findUserByEmail(ctx, email);
}
