// Staff: making, finding, changing. The last full administrator can be neither disabled nor demoted.

import { addressChangedLetter } from '#domain/administrators/address-changed.mail.ts';
import {
  administratorDisabled,
  administratorEmailChanged,
  administratorPasswordChanged,
} from '#domain/administrators/administrators.events.ts';
import type { AdministratorRow } from '#domain/administrators/administrators.table.ts';
import {
  administratorRows,
  anyAdministrator,
  findAdministratorRow,
  findAdministratorRowByEmail,
  findAdministratorRowByUsername,
  insertAdministrator,
  lockAdministratorRow,
  lockAdministrators,
  replaceAdministratorHash,
  updateAdministratorRow,
} from '#domain/administrators/administrators.table.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Role } from '#domain/administrators/roles.ts';
import { holdsNoMore, listRoles, roleOf } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { AuditEntry } from '#domain/audit/audit.ts';
import { audit } from '#domain/audit/audit.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isAnotherAddress, nameOf, userFaults } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A member of staff. */
export type Administrator = {
  readonly id: number;
  readonly uuid: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role: Role;
  readonly signature: string;
  readonly notes: string;
  readonly language: string;
  readonly hasPassword: boolean;
  /** Whether they choose a new one at their next sign-in. */
  readonly mustChangePassword: boolean;
  readonly disabledAt: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastLoginAt: number | undefined;
  readonly lastLoginIp: string | undefined;
};

/** What an administrator is made of. */
export type NewAdministrator = {
  readonly roleId: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly passwordHash: string | undefined;
};

/** The most characters of a signature and of notes. */
const LONGEST_TEXT = 10_000;

/** The faults of an administrator's fields, as keys of locales/en/errors.json (behaviours.md 4.1). */
export function administratorFaults(given: Omit<NewAdministrator, 'roleId' | 'passwordHash'>): Record<string, string> {
  const isName = /^[a-z][a-z0-9]{1,59}$/i.test(given.username.trim());
  return { ...(isName ? {} : { username: 'username-invalid' }), ...userFaults(given) };
}

/** Makes an administrator. Throws invalid by field, not-found of the role, or conflict when name or address is taken. */
export async function addAdministrator(ctx: Context, actor: Actor, given: NewAdministrator): Promise<number> {
  const faults = administratorFaults(given);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return ctx.transaction(async (tx) => {
    await lockAdministrators(tx);
    const role = await roleOf(tx, given.roleId);
    await mayTouchRole(tx, actor, role);
    if (await findAdministratorRowByUsername(tx, given.username.trim())) throw conflict('username-taken');
    const id = await insertAdministrator(tx, {
      uuid: newUuid(),
      role_id: role.id,
      username: given.username.trim(),
      first_name: oneLine(given.firstName),
      last_name: oneLine(given.lastName),
      email: given.email.trim(),
      password_hash: given.passwordHash ?? null,
      disabled_at: null,
      created_at: tx.now(),
      updated_at: tx.now(),
      last_login_at: null,
      last_login_ip: null,
    }).catch(asTaken);
    await audit(tx, actor, {
      event: 'admin.created',
      description: `The administrator ${given.username.trim()} was created (${role.name})`,
      details: { administratorId: id },
    });
    return id;
  });
}

/** What may be changed of an administrator. Absent stays. */
export type AdministratorChange = {
  readonly roleId?: number;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly disabled?: boolean;
  readonly signature?: string;
  readonly notes?: string;
};

/**
 * Changes an administrator. The last full administrator stays one; nobody gives a role that holds more than their own,
 * and nobody disables themselves.
 */
export async function changeAdministrator(
  ctx: Context,
  actor: Actor,
  id: number,
  change: AdministratorChange,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    await lockAdministrators(tx);
    const before = await administratorOf(tx, id);
    const fields = {
      username: before.username,
      firstName: change.firstName ?? before.firstName,
      lastName: change.lastName ?? before.lastName,
      email: change.email ?? before.email,
    };
    const faults = { ...administratorFaults(fields), ...textFaults(change) };
    if (Object.keys(faults).length > 0) throw invalid(faults);
    const role = change.roleId === undefined ? before.role : await roleOf(tx, change.roleId);
    const disabled = change.disabled ?? before.disabledAt !== undefined;
    await mayTouchRole(tx, actor, before.role);
    if (role.id !== before.role.id) await mayTouchRole(tx, actor, role);
    if (change.disabled && actor.kind === 'administrator' && actor.administratorId === id)
      throw conflict('administrator-is-yourself');
    if (before.role.isFull && (disabled || !role.isFull)) await keepOneFull(tx, id);
    await updateAdministratorRow(tx, id, {
      role_id: role.id,
      first_name: oneLine(fields.firstName),
      last_name: oneLine(fields.lastName),
      email: fields.email.trim(),
      disabled_at: disabled ? (before.disabledAt ?? tx.now()) : null,
      ...(change.signature === undefined ? {} : { signature: change.signature }),
      ...(change.notes === undefined ? {} : { notes: change.notes }),
    }).catch(asTaken);
    if (disabled && before.disabledAt === undefined)
      await tx.bus.announce(tx, administratorDisabled, { administratorId: id });
    if (isAnotherAddress(before.email, fields.email)) {
      await tx.bus.announce(tx, administratorEmailChanged, { administratorId: id });
      await tellOldAddress(tx, before, fields.email.trim());
    }
    await audit(tx, actor, changeEntry(before, fields, role, disabled));
  });
}

async function tellOldAddress(tx: Context, before: Administrator, newAddress: string): Promise<void> {
  const letter = addressChangedLetter({
    to: { address: before.email, name: nameOf(before), language: before.language },
    username: before.username,
    newAddress,
    company: await settingOf(tx, companyName),
    administratorId: before.id,
    expiresAt: tx.now() + days(7),
  });
  await queueLetter(tx, letter);
}

/** The line of the log for a change: what it came to, and each field that became another. Notes and signature stay out. */
function changeEntry(
  before: Administrator,
  after: { readonly firstName: string; readonly lastName: string; readonly email: string },
  role: Role,
  disabled: boolean,
): AuditEntry {
  const wasDisabled = before.disabledAt !== undefined;
  const became = disabled ? 'disabled' : 'enabled';
  const pairs: readonly (readonly [string, string, string])[] = [
    ['name', `${before.firstName} ${before.lastName}`, `${oneLine(after.firstName)} ${oneLine(after.lastName)}`],
    ['email', before.email, after.email.trim()],
    ['role', before.role.name, role.name],
  ];
  const changed = pairs.filter(([, was, is]) => was !== is);
  return {
    event: disabled === wasDisabled ? 'admin.updated' : `admin.${became}`,
    description: `The administrator ${before.username} was ${disabled === wasDisabled ? 'changed' : became}`,
    details: {
      administratorId: before.id,
      role: role.name,
      disabled,
      ...(changed.length === 0
        ? {}
        : {
            before: Object.fromEntries(changed.map(([name, was]) => [name, was])),
            after: Object.fromEntries(changed.map(([name, , is]) => [name, is])),
          }),
    },
  };
}

function textFaults(change: AdministratorChange): Record<string, string> {
  return {
    ...((change.signature ?? '').length > LONGEST_TEXT ? { signature: 'too-long' } : {}),
    ...((change.notes ?? '').length > LONGEST_TEXT ? { notes: 'too-long' } : {}),
  };
}

/** Stores a new password's hash; other sessions end by the event. */
export async function storeAdministratorPassword(
  tx: Context,
  actor: Actor,
  id: number,
  passwordHash: string,
  how: { readonly event: string; readonly keepSessionId?: number | undefined },
): Promise<void> {
  await tx.transaction(async (inner) => {
    if (!(await updateAdministratorRow(inner, id, { password_hash: passwordHash, password_must_change: 0 })))
      throw notFound('administrator-not-found');
    await inner.bus.announce(inner, administratorPasswordChanged, {
      administratorId: id,
      keepSessionId: how.keepSessionId,
    });
    await audit(inner, actor, {
      event: how.event,
      description: 'The password of an administrator was changed',
      details: { administratorId: id },
    });
  });
}

/**
 * Asks an administrator for a new password at their next sign-in. Nobody does it to staff whose role holds more than their
 * own. Throws not-found, or not-allowed `role-holds-more`. Answers who it is.
 */
export async function markAdministratorPassword(tx: Context, actor: Actor, id: number): Promise<Administrator> {
  const administrator = (await holdAdministrator(tx, id))?.administrator;
  if (!administrator) throw notFound('administrator-not-found');
  await mayTouchRole(tx, actor, administrator.role);
  await updateAdministratorRow(tx, id, { password_must_change: 1 });
  await audit(tx, actor, {
    event: 'admin.password.change_required',
    description: `${administrator.username} has to choose a new password at the next sign-in`,
    details: { administratorId: id },
  });
  return administrator;
}

/** Whether there is any administrator: without one, the set-up page is open to whoever holds the printed token. */
export async function hasAdministrator(ctx: Context): Promise<boolean> {
  return anyAdministrator(ctx);
}

/** Every administrator with their role; the disabled ones only when asked. */
export async function listAdministrators(ctx: Context, withDisabled = true): Promise<Administrator[]> {
  const roles = new Map((await listRoles(ctx)).map((role) => [role.id, role]));
  return (await administratorRows(ctx))
    .filter((row) => withDisabled || row.disabled_at === null)
    .flatMap((row) => {
      const role = roles.get(row.role_id);
      return role ? [administratorFrom(row, role)] : [];
    });
}

/** The administrator of this id, if any. */
export async function findAdministrator(ctx: Context, id: number): Promise<Administrator | undefined> {
  const row = await findAdministratorRow(ctx, id);
  return row && administratorFrom(row, await roleOf(ctx, row.role_id));
}

/** The administrator of this id. Throws not-found. */
export async function administratorOf(ctx: Context, id: number): Promise<Administrator> {
  const found = await findAdministrator(ctx, id);
  if (!found) throw notFound('administrator-not-found');
  return found;
}

/** The administrator of this user name with the stored hash, for checking a password. */
export async function findAdministratorWithHash(
  ctx: Context,
  username: string,
): Promise<{ administrator: Administrator; hash: string | undefined } | undefined> {
  const row = await findAdministratorRowByUsername(ctx, username);
  const roles = await listRoles(ctx); // also for a name that nobody has: the same work whoever is asked for
  const role = roles.find((one) => one.id === row?.role_id);
  return row && role && { administrator: administratorFrom(row, role), hash: row.password_hash ?? undefined };
}

/** The administrator of this user name, or of this address. */
export async function findAdministratorByName(ctx: Context, name: string): Promise<Administrator | undefined> {
  // A user name holds letters and digits alone, so no address is one.
  const row = name.includes('@')
    ? await findAdministratorRowByEmail(ctx, name)
    : await findAdministratorRowByUsername(ctx, name);
  return row && administratorFrom(row, await roleOf(ctx, row.role_id));
}

/** The administrator of this id with the stored hash, as they are, without holding them. */
export async function findAdministratorWithHashById(
  ctx: Context,
  id: number,
): Promise<{ administrator: Administrator; hash: string | undefined } | undefined> {
  const row = await findAdministratorRow(ctx, id);
  return (
    row && {
      administrator: administratorFrom(row, await roleOf(ctx, row.role_id)),
      hash: row.password_hash ?? undefined,
    }
  );
}

/**
 * The administrator of this id with the stored hash, held until the transaction ends: nobody else changes or disables them
 * meanwhile. For what depends on how they are when it is done, such as opening a session.
 */
export async function holdAdministrator(
  tx: Context,
  id: number,
): Promise<{ administrator: Administrator; hash: string | undefined } | undefined> {
  const row = await lockAdministratorRow(tx, id);
  return (
    row && {
      administrator: administratorFrom(row, await roleOf(tx, row.role_id)),
      hash: row.password_hash ?? undefined,
    }
  );
}

/** Notes that an administrator signed in. */
export async function noteAdministratorSignIn(tx: Context, id: number, ip: string | undefined): Promise<void> {
  await updateAdministratorRow(tx, id, { last_login_at: tx.now(), ...(ip === undefined ? {} : { last_login_ip: ip }) });
}

/** Puts today's hash of the same password in place of an older format, unless it was changed meanwhile. Answers whether it did. */
export async function upgradeAdministratorHash(
  tx: Context,
  id: number,
  before: string,
  after: string,
): Promise<boolean> {
  return replaceAdministratorHash(tx, id, before, after);
}

/** Whether an administrator holds a permission. */
export function holds(administrator: Administrator, permission: Permission): boolean {
  return administrator.disabledAt === undefined && administrator.role.permissions.includes(permission);
}

/** Nobody may make, change or reset an administrator whose role can do what their own cannot (delegated staff, Keycloak CVE-2026-4629). */
export async function mayTouchRole(ctx: Context, actor: Actor, role: Role): Promise<void> {
  if (!(await holdsNoMore(ctx, actor, role.permissions))) throw notAllowed('role-holds-more', { role: role.name });
}

/** Whether no other full administrator could sign in, were it not for the one of this id. */
export async function isLastFull(ctx: Context, id: number): Promise<boolean> {
  // One who never chose a password cannot sign in, and so is no way back.
  const able = (await listAdministrators(ctx, false)).filter((one) => one.role.isFull && one.hasPassword);
  return able.every((one) => one.id === id);
}

async function keepOneFull(tx: Context, exceptId: number): Promise<void> {
  if (await isLastFull(tx, exceptId)) throw conflict('last-full-administrator');
}

/** An administrator of a stored row and their role; for this topic's own files. */
export function administratorFrom(
  row: Omit<AdministratorRow, 'username_key' | 'email_key'>,
  role: Role,
): Administrator {
  return {
    id: row.id,
    uuid: row.uuid,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    role,
    signature: row.signature,
    notes: row.notes,
    language: row.language,
    hasPassword: row.password_hash !== null,
    mustChangePassword: row.password_must_change === 1,
    disabledAt: row.disabled_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastLoginAt: row.last_login_at ?? undefined,
    lastLoginIp: row.last_login_ip ?? undefined,
  };
}

function asTaken(error: unknown): never {
  const text = String(error);
  if (!/unique|duplicate key/i.test(text)) throw error;
  throw conflict(/username/.test(text) ? 'username-taken' : 'email-taken');
}
