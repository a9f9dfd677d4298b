// People: making, finding, changing. Their password is theirs; here it is only stored.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { withdrawLetters } from '#domain/mail/outbox.ts';
import { keptFor } from '#domain/users/email-undos.table.ts';
import {
  userAddressProved,
  userCreated,
  userDeleted,
  userDisabled,
  userEmailChanged,
  userPasswordChanged,
  userUpdated,
} from '#domain/users/users.events.ts';
import type { UserRow } from '#domain/users/users.table.ts';
import {
  deleteUserRow,
  findUserRow,
  findUserRowByEmail,
  insertUser,
  keysOf,
  lockUserRow,
  lockUserRows,
  proveAddressRow,
  replaceHash,
  touchUser,
  updateUserRow,
  userRows,
} from '#domain/users/users.table.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { comparable, isMailAddress, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { languageOf } from '#src/locales/words.ts';

/** A person. The hash of the password never leaves this topic except to be checked. */
export type User = {
  readonly id: number;
  readonly uuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** WHMCS's name of the language, or empty for the default. */
  readonly language: string;
  readonly hasPassword: boolean;
  readonly mustChangePassword: boolean;
  readonly emailVerifiedAt: number | undefined;
  readonly disabledAt: number | undefined;
  readonly createdAt: number;
  readonly lastLoginAt: number | undefined;
  readonly lastLoginIp: string | undefined;
};

/** What a person is made of. `passwordHash` absent: they set one by the letter. */
export type NewUser = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language?: string | undefined;
  readonly passwordHash?: string | undefined;
  readonly mustChangePassword?: boolean | undefined;
};

/** The faults of a person's names and address, by field in the order of the form, as keys of locales/en/errors.json. */
export function userFaults(given: { firstName: string; lastName: string; email: string }): Record<string, string> {
  const faults: Record<string, string> = {};
  if (oneLine(given.firstName) === '') faults['firstName'] = 'first-name-missing';
  else if (given.firstName.length > 200) faults['firstName'] = 'too-long';
  if (oneLine(given.lastName) === '') faults['lastName'] = 'last-name-missing';
  else if (given.lastName.length > 200) faults['lastName'] = 'too-long';
  if (given.email.trim() === '') faults['email'] = 'email-missing';
  else if (!isMailAddress(given.email.trim())) faults['email'] = 'email-invalid';
  return faults;
}

/** Makes a person. Throws invalid by field, or conflict `email-taken`. Answers the id. */
export async function addUser(tx: Context, actor: Actor, given: NewUser): Promise<number> {
  const faults = userFaults(given);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return tx.transaction(async (inner) => {
    if (!(await isAddressFree(inner, given.email))) throw emailTaken();
    const id = await insertUser(inner, {
      uuid: newUuid(),
      first_name: oneLine(given.firstName),
      last_name: oneLine(given.lastName),
      email: given.email.trim(),
      password_hash: given.passwordHash ?? null,
      password_must_change: given.mustChangePassword ? 1 : 0,
      password_changed_at: given.passwordHash ? inner.now() : null,
      language: given.language ?? '',
      email_verified_at: null,
      disabled_at: null,
      created_at: inner.now(),
      updated_at: inner.now(),
      last_login_at: null,
      last_login_ip: null,
    }).catch(asTaken);
    await audit(inner, actor, {
      event: 'user.created',
      description: `The user ${given.email.trim()} was created`,
      userId: id,
    });
    await inner.bus.announce(inner, userCreated, { userId: id });
    return id;
  });
}

/** What may be changed of a person. Absent stays. */
export type UserChange = {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly email?: string | undefined;
  readonly language?: string | undefined;
};

/** How a person is changed. */
export type ChangeManner = {
  /** The session that stays when the address changes: that of the person themselves. */
  readonly keepSessionId?: number | undefined;
  /** The person has just shown that they read the new address. */
  readonly verified?: boolean;
  /** The change puts back an address that was changed before; nothing undoes it in turn. */
  readonly putsBack?: boolean;
};

/**
 * Changes a person's names, address or language. Another address ends their sessions, but for `keepSessionId`, and the
 * links on their way to the old one, which is told (self-service hears it). Throws not-found, invalid, or conflict
 * `email-taken`.
 */
export async function changeUser(
  ctx: Context,
  actor: Actor,
  id: number,
  change: UserChange,
  how: ChangeManner = {},
): Promise<void> {
  // Whoever shows that they read the new address was asked before; whoever returns to an old one had it already.
  if (change.email !== undefined && !how.verified && !how.putsBack) await requireAllowedMove(ctx, id, change.email);
  await ctx.transaction(async (tx) => {
    const before = await lockUserRow(tx, id, 'change'); // two changes at once must not write back each other's old fields
    if (!before) throw notFound('user-not-found');
    const after = {
      first_name: oneLine(change.firstName ?? before.first_name),
      last_name: oneLine(change.lastName ?? before.last_name),
      email: (change.email ?? before.email).trim(),
      language: change.language ?? before.language,
    };
    // A person who was taken over with gaps may keep them: only what is touched is checked.
    const faults = Object.entries(
      userFaults({ firstName: after.first_name, lastName: after.last_name, email: after.email }),
    ).filter(([field]) => change[field as keyof UserChange] !== undefined); // named as the fields of the change
    if (faults.length > 0) throw invalid(Object.fromEntries(faults));
    const moved = isAnotherAddress(before.email, after.email);
    if (moved && !(await isAddressFree(tx, after.email, id))) throw emailTaken();
    const changed = changedFields(before, after);
    if (Object.keys(changed).length === 0) return;
    const verified = moved ? { email_verified_at: how.verified ? tx.now() : null } : {};
    await updateUserRow(tx, id, { ...after, ...keysOf(after), ...verified }).catch(asTaken);
    await audit(tx, actor, {
      event: 'user.updated',
      description: `The user ${after.email} was changed: ${Object.keys(changed).join(', ')}`,
      userId: id,
      details: changed,
    });
    if (moved) await announceMove(tx, before, after.email, how);
    const names = Object.keys(changed).map((column) => FIELD_NAMES[column] ?? column);
    await tx.bus.announce(tx, userUpdated, { userId: id, changed: names });
  });
}

/** What is told of a change names fields as the change does, not as they are stored. */
const FIELD_NAMES: Readonly<Record<string, keyof UserChange>> = { first_name: 'firstName', last_name: 'lastName' };

/** Refuses to move to an address that nobody may come in with. Asked outside of the transaction, so that the refusal is counted. */
async function requireAllowedMove(ctx: Context, id: number, email: string): Promise<void> {
  const before = await findUserRow(ctx, id);
  if (before && isAnotherAddress(before.email, email)) await requireAllowedAddress(ctx, email);
}

async function announceMove(tx: Context, before: UserRow, after: string, how: ChangeManner): Promise<void> {
  await tx.bus.announce(tx, userEmailChanged, {
    userId: before.id,
    keepSessionId: how.keepSessionId,
    before: before.email,
    after,
    inUse: before.password_hash !== null || before.email_verified_at !== null || before.last_login_at !== null,
    putsBack: how.putsBack ?? false,
  });
}

/**
 * Whether letters to these go to different places. Not as addresses are compared: of two that only look alike, such as one
 * with a ligature, each may be somebody's.
 */
export function isAnotherAddress(before: string, after: string): boolean {
  return before.trim().toLowerCase() !== after.trim().toLowerCase();
}

/** Whether nobody else has an address, and nobody else's way back leads to it. */
export async function isAddressFree(ctx: Context, email: string, exceptUserId?: number): Promise<boolean> {
  const holder = await findUserRowByEmail(ctx, email);
  if (holder && holder.id !== exceptUserId) return false;
  return (await keptFor(ctx, comparable(email))).every((userId) => userId === exceptUserId);
}

/** Stores a new password's hash, ends what must end (by event), and says so in the log. */
export async function storePassword(
  tx: Context,
  actor: Actor,
  userId: number,
  passwordHash: string,
  how: { readonly event: string; readonly mustChange?: boolean; readonly keepSessionId?: number | undefined },
): Promise<void> {
  await tx.transaction(async (inner) => {
    const known = await updateUserRow(inner, userId, {
      password_hash: passwordHash,
      password_must_change: how.mustChange ? 1 : 0,
      password_changed_at: inner.now(),
    });
    if (!known) throw notFound('user-not-found');
    await inner.bus.announce(inner, userPasswordChanged, { userId, keepSessionId: how.keepSessionId });
    await audit(inner, actor, { event: how.event, description: 'The password of a user was changed', userId });
  });
}

/**
 * Asks a person for a new password at their next sign-in (ASVS 5.0 V6.2.10: not by age, but where there is reason to).
 * Throws not-found `user-not-found`. Answers who it is.
 */
export async function markUserPassword(tx: Context, actor: Actor, id: number): Promise<User> {
  const row = await lockUserRow(tx, id, 'change');
  if (!row) throw notFound('user-not-found');
  await updateUserRow(tx, id, { password_must_change: 1 });
  await audit(tx, actor, {
    event: 'user.password.change_required',
    description: `${row.email} has to choose a new password at the next sign-in`,
    userId: id,
  });
  return userFrom(row);
}

/** Lets a person sign in no more, or again. Their sessions end at once. */
export async function setUserDisabled(ctx: Context, actor: Actor, id: number, disabled: boolean): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await lockUserRow(tx, id, 'change');
    if (!row) throw notFound('user-not-found');
    if ((row.disabled_at !== null) === disabled) return;
    await updateUserRow(tx, id, { disabled_at: disabled ? tx.now() : null });
    if (disabled) await tx.bus.announce(tx, userDisabled, { userId: id });
    await audit(tx, actor, {
      event: disabled ? 'user.disabled' : 'user.enabled',
      description: `The user ${row.email} was ${disabled ? 'deactivated' : 'activated again'}`,
      userId: id,
    });
  });
}

/** The person of this id, if any. */
export async function findUser(ctx: Context, id: number): Promise<User | undefined> {
  const row = await findUserRow(ctx, id);
  return row && userFrom(row);
}

/** The person of this id. Throws not-found `user-not-found`. */
export async function userOf(ctx: Context, id: number): Promise<User> {
  const user = await findUser(ctx, id);
  if (!user) throw notFound('user-not-found');
  return user;
}

/** The person of this address, in whatever case it was typed. */
export async function findUserByEmail(ctx: Context, email: string): Promise<User | undefined> {
  const row = await findUserRowByEmail(ctx, email);
  return row && userFrom(row);
}

/** The person together with the stored hash, for checking a password. */
export async function findUserWithHash(
  ctx: Context,
  email: string,
): Promise<{ user: User; hash: string | undefined } | undefined> {
  const row = await findUserRowByEmail(ctx, email);
  return row && { user: userFrom(row), hash: row.password_hash ?? undefined };
}

/** The same by id, for whoever is signed in already. */
export async function userWithHash(ctx: Context, id: number): Promise<{ user: User; hash: string | undefined }> {
  const found = await findUserWithHashById(ctx, id);
  if (!found) throw notFound('user-not-found');
  return found;
}

/** The same; undefined when there is nobody. */
export async function findUserWithHashById(
  ctx: Context,
  id: number,
): Promise<{ user: User; hash: string | undefined } | undefined> {
  const row = await findUserRow(ctx, id);
  return row && { user: userFrom(row), hash: row.password_hash ?? undefined };
}

/** The people of these ids, by id. */
export async function usersOf(ctx: Context, ids: readonly number[]): Promise<Map<number, User>> {
  return new Map((await userRows(ctx, ids)).map((row) => [row.id, userFrom(row)]));
}

/**
 * The person of this id with the stored hash, held until the transaction ends: nobody else changes, deactivates or removes
 * them meanwhile. For what depends on how they are when it is done, such as opening a session.
 */
export async function holdUser(tx: Context, id: number): Promise<{ user: User; hash: string | undefined } | undefined> {
  const row = await lockUserRow(tx, id, 'change');
  return row && { user: userFrom(row), hash: row.password_hash ?? undefined };
}

/** The person of this id, kept from being removed until the transaction ends. Throws not-found `user-not-found`. */
export async function keepUser(tx: Context, id: number): Promise<User> {
  const row = await lockUserRow(tx, id, 'keep');
  if (!row) throw notFound('user-not-found');
  return userFrom(row);
}

/** Holds people who may be about to be removed: until the transaction ends nothing new can refer to them. */
export async function holdForRemoval(tx: Context, ids: readonly number[]): Promise<void> {
  await lockUserRows(tx, ids);
}

/** Notes that a person signed in. */
export async function noteSignIn(tx: Context, id: number, ip: string | undefined): Promise<void> {
  await touchUser(tx, id, ip);
}

/**
 * Notes that a person has shown that they read letters to the address with this key, if it is still theirs. Answers whether
 * it was noted now.
 */
export async function proveAddress(tx: Context, actor: Actor, id: number, emailKey: string): Promise<boolean> {
  if (!(await proveAddressRow(tx, id, emailKey))) return false;
  await audit(tx, actor, {
    event: 'user.email.verified',
    description: 'The e-mail address of a user was confirmed',
    userId: id,
  });
  await tx.bus.announce(tx, userAddressProved, { userId: id });
  return true;
}

/** Puts today's hash of the same password in place of an older format, unless it was changed meanwhile. Answers whether it did. */
export async function upgradeHash(tx: Context, id: number, before: string, after: string): Promise<boolean> {
  return replaceHash(tx, id, before, after);
}

/** Removes a person for good, and the letters still on their way. Whoever calls has made sure that no client account is left behind (see access). */
export async function removeUser(tx: Context, actor: Actor, id: number): Promise<void> {
  const row = await findUserRow(tx, id);
  if (!row || !(await deleteUserRow(tx, id))) throw notFound('user-not-found');
  await withdrawLetters(tx, undefined, { userId: id });
  await audit(tx, actor, { event: 'user.deleted', description: `The user ${row.email} was deleted`, userId: id });
  await tx.bus.announce(tx, userDeleted, { userId: id });
}

/** The full name, or the address where there is none. */
export function nameOf(user: {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}): string {
  return `${user.firstName} ${user.lastName}`.trim() || user.email;
}

/** Whether a language name is one that Doorward speaks; empty means the default. */
export function isLanguage(name: string): boolean {
  return name === '' || languageOf(name).wire === name.toLowerCase();
}

export function userFrom(row: Omit<UserRow, UnreadColumns>): User {
  return {
    id: row.id,
    uuid: row.uuid,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    language: row.language,
    hasPassword: row.password_hash !== null,
    mustChangePassword: row.password_must_change === 1,
    emailVerifiedAt: row.email_verified_at ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at ?? undefined,
    lastLoginIp: row.last_login_ip ?? undefined,
  };
}

function emailTaken(): Error {
  return conflict('email-taken');
}

type UnreadColumns =
  | 'email_key'
  | 'first_key'
  | 'last_key'
  | 'full_key'
  | 'search_text'
  | 'password_changed_at'
  | 'updated_at';

/** Two at once with one address: the unique key lets one through, the other hears the same as if it had come later. */
function asTaken(error: unknown): never {
  if (/unique|duplicate key/i.test(String(error))) throw emailTaken();
  throw error;
}

function changedFields(before: UserRow, after: Pick<UserRow, 'first_name' | 'last_name' | 'email' | 'language'>) {
  const changed: Record<string, { before: string; after: string }> = {};
  for (const field of ['first_name', 'last_name', 'email', 'language'] as const) {
    if (before[field] !== after[field]) changed[field] = { before: before[field], after: after[field] };
  }
  return changed;
}
