// Roles: a name and the permissions it gives. The full administrator's role is fixed.

import type { RoleRow } from '#domain/administrators/administrators.table.ts';
import {
  deleteRole,
  findAdministratorRow,
  insertRole,
  lockAdministrators,
  roleRows,
  updateRole,
} from '#domain/administrators/administrators.table.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { FIRST_ROLES, FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A role. `isFull`: it holds every permission and cannot be changed. */
export type Role = {
  readonly id: number;
  readonly name: string;
  readonly isFull: boolean;
  readonly permissions: readonly Permission[];
  /** What letters to staff in general its holders get; the full administrators get all. */
  readonly mailKinds: readonly MailKind[];
};

/** The kinds of letters to staff in general (behaviours.md 4.2). */
export const MAIL_KINDS = ['system', 'account', 'support'] as const;
/** A kind of letters to staff in general. */
export type MailKind = (typeof MAIL_KINDS)[number];

/** What a role is made of. Left out, the kinds of letters stay as they are, or are none. */
export type GivenRole = {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly mailKinds?: readonly string[];
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

/** Makes a role. Throws invalid, not-allowed when it would hold more than the actor's, or conflict when the name is taken. */
export async function addRole(ctx: Context, actor: Actor, given: GivenRole): Promise<number> {
  const clean = checkedRole(given);
  return ctx.transaction(async (tx) => {
    await lockAdministrators(tx);
    await requireHeld(tx, actor, clean.permissions);
    const id = await insertRole(tx, {
      name: clean.name,
      permissions: JSON.stringify(clean.permissions),
      mail_kinds: JSON.stringify(clean.mailKinds ?? []),
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

/**
 * Changes a role's name and permissions. Refused: the full administrator's role, a role that holds more than the actor's,
 * and every permission that the actor does not hold, so that delegated staff cannot raise themselves or a friend
 * (Keycloak CVE-2026-4629).
 */
export async function changeRole(ctx: Context, actor: Actor, id: number, given: GivenRole): Promise<void> {
  const clean = checkedRole(given);
  await ctx.transaction(async (tx) => {
    await lockAdministrators(tx);
    const before = await roleOf(tx, id);
    if (before.isFull) throw conflict('role-is-fixed');
    await mayChangeRole(tx, actor, before);
    await requireHeld(tx, actor, clean.permissions);
    const others = await listRoles(tx);
    if (others.some((one) => one.id !== id && comparable(one.name) === comparable(clean.name)))
      throw conflict('role-name-taken');
    const mailKinds = clean.mailKinds ?? before.mailKinds;
    await updateRole(tx, id, {
      name: clean.name,
      permissions: JSON.stringify(clean.permissions),
      mail_kinds: JSON.stringify(mailKinds),
    });
    await audit(tx, actor, {
      event: 'role.updated',
      description: `The role ${clean.name} was changed`,
      details: { roleId: id, before: before.permissions, after: clean.permissions },
    });
  });
}

/** Removes a role that nobody holds. Nobody removes one that holds more than their own. */
export async function removeRole(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await lockAdministrators(tx);
    const role = await roleOf(tx, id);
    if (role.isFull) throw conflict('role-is-fixed');
    await mayChangeRole(tx, actor, role);
    if (!(await deleteRole(tx, id))) throw conflict('role-in-use');
    await audit(tx, actor, { event: 'role.deleted', description: `The role ${role.name} was deleted` });
  });
}

/**
 * What whoever acts may do; undefined where Doorward itself acts: at the start, in jobs, on the operator's command line.
 * Users and strangers hold nothing here.
 */
export async function permissionsOfActor(ctx: Context, actor: Actor): Promise<readonly Permission[] | undefined> {
  if (actor.kind === 'system') return undefined;
  if (actor.kind !== 'administrator') return [];
  const row = await findAdministratorRow(ctx, actor.administratorId);
  if (!row || row.disabled_at !== null) return [];
  return (await roleOf(ctx, row.role_id)).permissions;
}

/** Whether a role holds nothing that whoever acts lacks: only then is it theirs to change, give or take away. */
export async function holdsNoMore(ctx: Context, actor: Actor, permissions: readonly Permission[]): Promise<boolean> {
  const own = await permissionsOfActor(ctx, actor);
  return own === undefined || permissions.every((permission) => own.includes(permission));
}

/** A role of what is stored; for this topic's own files. */
export function roleFrom(row: Pick<RoleRow, 'id' | 'name' | 'permissions'> & { readonly mail_kinds?: string }): Role {
  const isFull = row.name === FULL_ADMINISTRATOR;
  return {
    id: row.id,
    name: row.name,
    isFull,
    permissions: isFull ? PERMISSIONS : permissionsIn(row.permissions),
    mailKinds: isFull ? MAIL_KINDS : MAIL_KINDS.filter((kind) => row.mail_kinds?.includes(`"${kind}"`)), // a JSON list
  };
}

const readBefore = new Map<string, readonly Permission[]>();

/** The permissions of a stored list. Every API call and page asks, and the same few lists come again. */
function permissionsIn(stored: string): readonly Permission[] {
  const known = readBefore.get(stored);
  if (known) return known;
  const read = (JSON.parse(stored) as string[]).filter(isPermission); // written by this file
  if (readBefore.size >= 100) readBefore.clear();
  readBefore.set(stored, read);
  return read;
}

async function mayChangeRole(tx: Context, actor: Actor, role: Role): Promise<void> {
  if (!(await holdsNoMore(tx, actor, role.permissions))) throw notAllowed('role-holds-more', { role: role.name });
}

/** Nobody gives what they do not hold. */
async function requireHeld(tx: Context, actor: Actor, permissions: readonly Permission[]): Promise<void> {
  const own = await permissionsOfActor(tx, actor);
  const missing = own && permissions.find((permission) => !own.includes(permission));
  if (missing) throw notAllowed('permission-not-held', { permission: missing });
}

function checkedRole(given: GivenRole): {
  name: string;
  permissions: Permission[];
  mailKinds: MailKind[] | undefined;
} {
  const name = oneLine(given.name);
  if (name === '') throw invalid({ name: 'name-missing' });
  if (name.length > 100) throw invalid({ name: 'too-long' });
  if (!given.permissions.every(isPermission)) throw invalid({ permissions: 'permission-unknown' });
  const permissions = [...new Set(given.permissions.filter(isPermission))];
  const lands = permissions.includes('Main Homepage') || permissions.includes('Support Center Overview');
  if (!lands) throw invalid({ permissions: 'role-without-home' }); // behaviours.md 4.2: its admins would land on an error
  return {
    name,
    permissions,
    mailKinds: given.mailKinds && MAIL_KINDS.filter((kind) => given.mailKinds?.includes(kind)),
  };
}
