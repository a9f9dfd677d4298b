// Whose sign-in it is: a user by address or an administrator by name. What differs between the two, in one place.

import type { Administrator } from '#domain/administrators/administrators.ts';
import {
  findAdministratorWithHash,
  findAdministratorWithHashById,
  holdAdministrator,
  noteAdministratorSignIn,
  upgradeAdministratorHash,
} from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Person } from '#domain/sessions/proof.ts';
import type { User } from '#domain/users/users.ts';
import { findUserWithHash, findUserWithHashById, holdUser, noteSignIn, upgradeHash } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** A person who may sign in, as far as signing in needs to know. */
export type Holder = {
  readonly person: Person;
  readonly factor: FactorHolder;
  readonly label: string;
  readonly disabled: boolean;
  readonly mustChangePassword: boolean;
  readonly hash: string | undefined;
  readonly lastIp: string | undefined;
};

/** Which of the two doors is knocked at. */
export type Side = 'user' | 'administrator';

/** The person of a name as typed, if any. One read. */
export async function findHolder(ctx: Context, side: Side, name: string): Promise<Holder | undefined> {
  if (side === 'user') {
    const found = await findUserWithHash(ctx, name);
    return found && holderOfUser(found.user, found.hash);
  }
  const found = await findAdministratorWithHash(ctx, name);
  return found && holderOfAdministrator(found.administrator, found.hash);
}

/**
 * The person of a Proof or attempt as they are now, held until the transaction ends; undefined when they are gone. Whoever
 * deactivates them or changes their password meanwhile waits, and then ends what this transaction opened.
 */
export async function holdHolder(tx: Context, person: Person): Promise<Holder | undefined> {
  if (person.kind === 'user') {
    const held = await holdUser(tx, person.userId);
    return held && holderOfUser(held.user, held.hash);
  }
  const held = await holdAdministrator(tx, person.administratorId);
  return held && holderOfAdministrator(held.administrator, held.hash);
}

/** The person of this id as they are, without holding them; undefined when they are gone. */
export async function findHolderById(ctx: Context, person: Person): Promise<Holder | undefined> {
  if (person.kind === 'user') {
    const found = await findUserWithHashById(ctx, person.userId);
    return found && holderOfUser(found.user, found.hash);
  }
  const found = await findAdministratorWithHashById(ctx, person.administratorId);
  return found && holderOfAdministrator(found.administrator, found.hash);
}

/** The person whose factors these are. */
export function personOfHolder(holder: FactorHolder): Person {
  return holder.kind === 'user'
    ? { kind: 'user', userId: holder.id }
    : { kind: 'administrator', administratorId: holder.id };
}

/** Whose factors a person's are. */
export function factorHolderOf(person: Person): FactorHolder {
  return person.kind === 'user'
    ? { kind: 'user', id: person.userId }
    : { kind: 'administrator', id: person.administratorId };
}

/** Notes the sign-in on the person's record. */
export async function noteHolder(tx: Context, person: Person, ip: string | undefined): Promise<void> {
  if (person.kind === 'user') return noteSignIn(tx, person.userId, ip);
  return noteAdministratorSignIn(tx, person.administratorId, ip);
}

/** Puts today's hash in place of an older one, unless it was changed meanwhile. Answers whether it did. */
export async function upgradeHolder(ctx: Context, person: Person, before: string, after: string): Promise<boolean> {
  if (person.kind === 'user') return upgradeHash(ctx, person.userId, before, after);
  return upgradeAdministratorHash(ctx, person.administratorId, before, after);
}

/** The person as the actor of an audit line. */
export function holderActor(holder: Holder, ip: string): Actor {
  if (holder.person.kind === 'user') return { kind: 'user', userId: holder.person.userId, name: holder.label, ip };
  return { kind: 'administrator', administratorId: holder.person.administratorId, name: holder.label, ip };
}

function holderOfUser(user: User, hash: string | undefined): Holder {
  return {
    person: { kind: 'user', userId: user.id },
    factor: { kind: 'user', id: user.id },
    label: user.email,
    disabled: user.disabledAt !== undefined,
    mustChangePassword: user.mustChangePassword,
    hash,
    lastIp: user.lastLoginIp,
  };
}

function holderOfAdministrator(administrator: Administrator, hash: string | undefined): Holder {
  return {
    person: { kind: 'administrator', administratorId: administrator.id },
    factor: { kind: 'administrator', id: administrator.id },
    label: administrator.username,
    disabled: administrator.disabledAt !== undefined,
    mustChangePassword: administrator.mustChangePassword,
    hash,
    lastIp: administrator.lastLoginIp,
  };
}
