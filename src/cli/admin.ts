// doorward admin: making administrators, and the operator's way back in for them.

import { asOperator } from '#cli/parts/operator.ts';
import { passwordFrom, passwordOption } from '#cli/parts/password.ts';
import type { Administrator } from '#domain/administrators/administrators.ts';
import {
  addAdministrator,
  administratorFaults,
  findAdministratorWithHash,
} from '#domain/administrators/administrators.ts';
import { FULL_ADMINISTRATOR } from '#domain/administrators/permissions.ts';
import type { Role } from '#domain/administrators/roles.ts';
import { listRoles, makeFirstRoles } from '#domain/administrators/roles.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { takeFactorsAway } from '#domain/login/factor-reset.ts';
import { sealFirstPassword, setAdministratorPassword } from '#domain/login/own-password.ts';
import { command, group } from '#kit/command-line.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const username = { value: 'U', required: true, about: 'the name they sign in with at /admin' } as const;

const create = command({
  about: 'Makes an administrator. The first one may be made by this or by the link that `serve` prints.',
  options: {
    username,
    email: { value: 'E', required: true, about: 'their e-mail address' },
    'first-name': { value: 'F', required: true, about: 'their first name' },
    'last-name': { value: 'L', required: true, about: 'their last name' },
    role: { value: 'R', about: `the name of their role (${FULL_ADMINISTRATOR})` },
    'password-stdin': passwordOption,
  },
  async run(given, terminal) {
    const password = await passwordFrom(terminal, given['password-stdin']);
    const person = {
      username: given.username,
      email: given.email,
      firstName: given['first-name'],
      lastName: given['last-name'],
    };
    return asOperator(async (ctx, actor) => {
      const role = await roleNamed(ctx, given.role ?? FULL_ADMINISTRATOR);
      const faults = administratorFaults(person);
      if (Object.keys(faults).length > 0) throw invalid(faults);
      const words = Object.values(person);
      const { hash } = await sealFirstPassword(ctx, password, words, { lenient: false });
      const id = await addAdministrator(ctx, actor, { ...person, roleId: role.id, passwordHash: hash });
      return {
        json: { id, username: person.username, role: role.name },
        words: `The administrator ${person.username} was made (${role.name}).\n`,
      };
    });
  },
});

const resetPassword = command({
  about: 'Sets the password of an administrator. All their sessions end; what else they use to sign in stays.',
  options: { username, 'password-stdin': passwordOption },
  async run(given, terminal) {
    const password = await passwordFrom(terminal, given['password-stdin']);
    return asOperator(async (ctx, actor) => {
      const administrator = await administratorNamed(ctx, given.username);
      await setAdministratorPassword(ctx, actor, administrator.id, password);
      const disabled = administrator.disabledAt !== undefined;
      return {
        json: { id: administrator.id, username: administrator.username, disabled },
        words: `The password of ${administrator.username} was set.${disabled ? ' They are disabled, and cannot sign in before somebody enables them.' : ''}\n`,
      };
    });
  },
});

const resetSecondFactor = command({
  about: 'Takes the second factors of an administrator away, so that the password alone lets them in.',
  options: { username },
  run: (given) =>
    asOperator(async (ctx, actor) => {
      const { id, username: name } = await administratorNamed(ctx, given.username);
      const holder = { kind: 'administrator', id } as const;
      if (!(await hasSecondFactor(ctx, holder)))
        throw new Error(`${name} has no second factor, so nothing was changed.`);
      const reason = 'Reset on the command line';
      const factors = await takeFactorsAway(ctx, actor, holder, { by: 'staff', reason });
      return {
        json: { id, username: name, factors },
        words: `The second factors of ${name} were taken away (${factors.join(', ')}). Their password alone lets them in now.\n`,
      };
    }),
});

export default group('Makes administrators, and gives them their way back in.', {
  create,
  'reset-password': resetPassword,
  'reset-second-factor': resetSecondFactor,
});

async function roleNamed(ctx: Context, name: string): Promise<Role> {
  await ctx.transaction(makeFirstRoles);
  const roles = await listRoles(ctx);
  const role = roles.find((one) => comparable(one.name) === comparable(name));
  if (!role) throw new Error(`There is no role "${name}". There are: ${roles.map((one) => one.name).join(', ')}.`);
  return role;
}

async function administratorNamed(ctx: Context, name: string): Promise<Administrator> {
  const found = await findAdministratorWithHash(ctx, name);
  if (!found) throw notFound('administrator-not-found');
  return found.administrator;
}
