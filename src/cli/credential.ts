// doorward credential: credentials of programs, for the API.

import { asOperator } from '#cli/parts/operator.ts';
import { daysFrom } from '#cli/parts/text.ts';
import { findAdministratorWithHash } from '#domain/administrators/administrators.ts';
import { addCredential, listApiRoles } from '#domain/administrators/api-credentials.ts';
import { command, group } from '#kit/command-line.ts';
import { notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const create = command({
  about:
    'Makes an API credential of an administrator and prints its identifier and secret, the secret this once. Without --role it may call every action.',
  options: {
    admin: { value: 'U', required: true, about: 'the user name of the administrator in whose name it acts' },
    description: { value: 'D', about: 'what it is for' },
    role: { value: 'R', many: true, about: 'an API role, whose actions it may call' },
    'allow-ip': { value: 'CIDR', many: true, about: 'an address or range it may be used from' },
    'expires-days': { value: 'N', about: 'after how many days it ends (never)' },
  },
  run: (given) => {
    const holds = given['expires-days'] === undefined ? undefined : daysFrom('expires-days', given['expires-days']);
    return asOperator(async (ctx, actor) => {
      const owner = await findAdministratorWithHash(ctx, given.admin);
      if (!owner) throw notFound('administrator-not-found');
      const { id, identifier, secret } = await addCredential(ctx, actor, {
        administratorId: owner.administrator.id,
        description: given.description ?? '',
        roleIds: await apiRoleIds(ctx, given.role),
        everyAction: given.role.length === 0,
        allowedAddresses: given['allow-ip'],
        expiresAt: holds === undefined ? undefined : ctx.now() + holds,
      });
      return { json: { id, identifier, secret }, words: `identifier ${identifier}\nsecret     ${secret}\n` };
    });
  },
});

export default group('Makes credentials with which programs call the API.', { create });

async function apiRoleIds(ctx: Context, names: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const roles = await listApiRoles(ctx);
  return names.map((name) => {
    const role = roles.find((one) => comparable(one.name) === comparable(name));
    if (!role) throw new Error(`There is no API role "${name}".${listed(roles.map((one) => one.name))}`);
    return role.id;
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? ' None was made yet: the admin area makes them.' : ` There are: ${names.join(', ')}.`;
}
