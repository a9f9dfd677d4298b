// A person without any client account, whose password is given by whoever makes them.

import type { Actor } from '#domain/audit/actor.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { sealFirstPassword } from '#domain/login/own-password.ts';
import { addUser, findUserByEmail, userFaults } from '#domain/users/users.ts';
import { conflict, invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Who is made. `lenientPassword`: a weak one may be let through by the setting for the API. */
export type UserWithPassword = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language?: string | undefined;
  readonly password: string;
  readonly lenientPassword?: boolean;
};

/** Makes the person. Throws invalid by field, or conflict `email-taken`. No letter is sent. Answers the id. */
export async function addUserWithPassword(ctx: Context, actor: Actor, given: UserWithPassword): Promise<number> {
  const faults = userFaults(given);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  await requireAllowedAddress(ctx, given.email);
  if (await findUserByEmail(ctx, given.email)) throw conflict('email-taken'); // before the slow hash
  const words = [given.email, given.firstName, given.lastName];
  const sealed = await sealFirstPassword(ctx, given.password, words, { lenient: given.lenientPassword ?? false });
  const { firstName, lastName, email, language } = given;
  return ctx.transaction((tx) =>
    addUser(tx, actor, {
      firstName,
      lastName,
      email,
      language,
      passwordHash: sealed.hash,
      mustChangePassword: sealed.mustChange,
    }),
  );
}
