// Roles: a name and the permissions it gives. The full administrator's role is fixed.

import type { RoleRow } from '#domain/administrators/administrators.table.ts';
import { deleteRole, insertRole, roleRows, updateRole } from '#domain/administrators/administrators.table.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { FIRST_ROLES, FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A role. `isFull`: it holds every permission and cannot be changed. */
export type Role = {
  readonly id: number;
  readonly name: string;
  readonly isFull: boolean;
  readonly permissions: readonly Permission[];
};

/** Every role, in the order they were made. */
export async function listRoles(ctx: Context): Promise<Role[]> {
  return (await roleRows(ctx)).map(roleFrom);
}

/** The role of this id. Throws not-found. */
export async function roleOf(ctx: Context, id: number): Promise<Role> {
  const role = (await listRoles(ctx)).find((one) => one.id === id);
  if (!role) throw notFound('role-not-found');
  return role;
}

/** Makes the three roles that every installation starts with, where they are missing. */
export async function makeFirstRoles(tx: Context): Promise<void> {
  for (const role of FIRST_ROLES) {
    await insertRole(tx, { name: role.name, permissions: JSON.stringify(role.permissions), mail_kinds: '[]' });
  }
}

/** Makes a role. Throws invalid, or conflict when the name is taken. */
export async function addRole(
  ctx: Context,
  actor: Actor,
  given: { name: string; permissions: readonly string[] },
): Promise<number> {
  const clean = checkedRole(given);
  return ctx.transaction(async (tx) => {
    const id = await insertRole(tx, {
      name: clean.name,
      permissions: JSON.stringify(clean.permissions),
      mail_kinds: '[]',
    });
    if (id === undefined) throw conflict('role-name-taken');
    await audit(tx, actor, {
      event: 'role.created',
      description: `The role ${clean.name} was created`,
      details: clean,
    });
    return id;
  });
}

/** Changes a role's name and permissions. The full administrator's role is refused. */
export async function changeRole(
  ctx: Context,
  actor: Actor,
  id: number,
  given: { name: string; permissions: readonly string[] },
): Promise<void> {
  const clean = checkedRole(given);
  await ctx.transaction(async (tx) => {
    const before = await roleOf(tx, id);
    if (before.isFull) throw conflict('role-is-fixed');
    const others = await listRoles(tx);
    if (others.some((one) => one.id !== id && one.name.toLowerCase() === clean.name.toLowerCase()))
      throw conflict('role-name-taken');
    await updateRole(tx, id, { name: clean.name, permissions: JSON.stringify(clean.permissions) });
    await audit(tx, actor, {
      event: 'role.updated',
      description: `The role ${clean.name} was changed`,
      details: { before: before.permissions, after: clean.permissions },
    });
  });
}

/** Removes a role that nobody holds. */
export async function removeRole(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const role = await roleOf(tx, id);
    if (role.isFull) throw conflict('role-is-fixed');
    if (!(await deleteRole(tx, id))) throw conflict('role-in-use');
    await audit(tx, actor, { event: 'role.deleted', description: `The role ${role.name} was deleted` });
  });
}

export function roleFrom(row: RoleRow): Role {
  const isFull = row.name === FULL_ADMINISTRATOR;
  const stored = JSON.parse(row.permissions) as string[]; // written by this file
  return { id: row.id, name: row.name, isFull, permissions: isFull ? PERMISSIONS : stored.filter(isPermission) };
}

function checkedRole(given: { name: string; permissions: readonly string[] }): {
  name: string;
  permissions: Permission[];
} {
  const name = oneLine(given.name);
  if (name === '') throw invalid({ name: 'name-missing' });
  if (name.length > 100) throw invalid({ name: 'too-long' });
  const permissions = given.permissions.filter(isPermission);
  if (permissions.length !== given.permissions.length) throw invalid({ permissions: 'permission-unknown' });
  const lands = permissions.includes('Main Homepage') || permissions.includes('Support Center Overview');
  if (!lands) throw invalid({ permissions: 'role-without-home' }); // behaviours.md 4.2: its admins would land on an error
  return { name, permissions };
}
