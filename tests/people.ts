// People and accounts of a test's own, beside the cast: each is new, so that no test meets another's.

import type { AccessLimits } from '#domain/access/access.ts';
import { addMember, addOwner } from '#domain/access/member-changes.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { ClientSwitches } from '#domain/clients/clients.ts';
import { addUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import { profile, sealedPassword } from '#tests/world.ts';

/** Somebody, and how they act. */
export type Person = {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly actor: Actor & { readonly kind: 'user' };
};

const SYSTEM = systemActor('Test');
let made = 0;

/** Somebody new with the cast's password, who has no account yet. */
export async function newPerson(
  ctx: Context,
  given: { readonly firstName?: string; readonly email?: string } = {},
): Promise<Person> {
  made += 1;
  const { firstName = 'Person', email = `person${made}@example.test` } = given;
  const lastName = `No${made}`;
  const id = await addUser(ctx, SYSTEM, { firstName, lastName, email, passwordHash: await sealedPassword() });
  const name = `${firstName} ${lastName}`;
  return { id, email, name, actor: { kind: 'user', userId: id, name: email, ip: '192.0.2.9' } };
}

/** A new account without any people. */
export async function newClient(ctx: Context, over: Partial<ClientProfile & ClientSwitches> = {}): Promise<number> {
  made += 1;
  return addClient(ctx, SYSTEM, { ...profile({ email: `client${made}@example.test` }), ...over });
}

/** A new account with an owner of its own. */
export async function newAccount(
  ctx: Context,
  over: Partial<ClientProfile> = {},
): Promise<{ readonly clientId: number; readonly owner: Person }> {
  const owner = await newPerson(ctx);
  const clientId = await newClient(ctx, { email: owner.email, companyName: `Account ${made}`, ...over });
  await addOwner(ctx, SYSTEM, owner.id, clientId);
  return { clientId, owner };
}

/** Somebody new who was given access to an account. */
export async function newMember(
  ctx: Context,
  clientId: number,
  permissions: readonly AccessPermission[],
  limits: AccessLimits = {},
): Promise<Person> {
  const member = await newPerson(ctx);
  await addMember(ctx, SYSTEM, member.id, clientId, permissions, limits);
  return member;
}
