// Credentials of programs: an identifier and a secret of an administrator, narrowed by API roles, addresses and an end.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, findAdministrator, mayTouchRole } from '#domain/administrators/administrators.ts';
import type { ApiCredentialRow } from '#domain/administrators/api-credentials.table.ts';
import {
  apiRoleRows,
  credentialRoleRows,
  credentialRows,
  deleteApiRole,
  deleteCredential,
  findCredentialRow,
  insertApiRole,
  insertCredential,
  touchCredential,
  updateApiRole,
} from '#domain/administrators/api-credentials.table.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { plainRange } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { constantTimeEqual, fingerprint, md5Hex, randomLetters } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What a program may call. Actions are lower-cased names. */
export type ApiRole = {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
};

/** A credential as staff see it: never the secret. */
export type ApiCredential = {
  readonly id: number;
  readonly administratorId: number;
  readonly identifier: string;
  readonly description: string;
  /** True for a credential without roles that was made to call everything. */
  readonly everyAction: boolean;
  readonly roleIds: readonly number[];
  /** Ranges it may be used from, in addition to the installation's list; empty: that list alone decides. */
  readonly allowedAddresses: readonly string[];
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
  readonly lastUsedIp: string | undefined;
};

/** Every API role. */
export async function listApiRoles(ctx: Context): Promise<ApiRole[]> {
  return (await apiRoleRows(ctx)).map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    actions: JSON.parse(row.actions) as string[], // written by saveApiRole
  }));
}

/** Makes an API role (`id` undefined) or changes one. Throws invalid, not-found, or conflict when the name is taken. */
export async function saveApiRole(
  ctx: Context,
  actor: Actor,
  id: number | undefined,
  given: { name: string; description: string; actions: readonly string[] },
): Promise<number> {
  const name = oneLine(given.name);
  if (name === '') throw invalid({ name: 'name-missing' });
  const actions = [...new Set(given.actions.map((one) => one.toLowerCase()))].sort();
  if (actions.length === 0) throw invalid({ actions: 'api-role-without-actions' });
  const row = { name, description: oneLine(given.description), actions: JSON.stringify(actions) };
  return ctx.transaction(async (tx) => {
    const others = (await apiRoleRows(tx)).filter((one) => one.id !== id);
    if (others.some((one) => one.name.toLowerCase() === name.toLowerCase())) throw conflict('role-name-taken');
    const saved = id === undefined ? await insertApiRole(tx, row) : (await updateApiRole(tx, id, row)) ? id : undefined;
    if (saved === undefined) throw notFound('role-not-found');
    await audit(tx, actor, {
      event: 'api.role.saved',
      description: `The API role ${name} was saved`,
      details: { actions },
    });
    return saved;
  });
}

/** Removes an API role; credentials lose it, and one that is left without any may call nothing. */
export async function removeApiRole(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await deleteApiRole(tx, id))) throw notFound('role-not-found');
    await audit(tx, actor, { event: 'api.role.deleted', description: `The API role ${id} was deleted` });
  });
}

/** What a new credential is made of. No roles and `everyAction` false: it may call nothing until it is given one. */
export type NewCredential = {
  readonly administratorId: number;
  readonly description: string;
  readonly roleIds: readonly number[];
  readonly everyAction: boolean;
  readonly allowedAddresses: readonly string[];
  readonly expiresAt: number | undefined;
};

/** Makes a credential. The secret is in the answer and nowhere else afterwards: only two hashes of it are kept. */
export async function addCredential(
  ctx: Context,
  actor: Actor,
  given: NewCredential,
): Promise<{ id: number; identifier: string; secret: string }> {
  const ranges = given.allowedAddresses.map((range) => plainRange(range));
  const clean = ranges.filter((range) => range !== undefined);
  if (clean.length !== ranges.length) throw invalid({ allowedAddresses: 'address-range-invalid' });
  if (given.expiresAt !== undefined && given.expiresAt <= ctx.now()) throw invalid({ expires: 'expiry-in-the-past' });
  const identifier = randomLetters(32);
  const secret = randomLetters(32); // 190 bits
  const id = await ctx.transaction(async (tx) => {
    const owner = await administratorOf(tx, given.administratorId);
    await mayTouchRole(tx, actor, owner.role);
    const known = new Set((await apiRoleRows(tx)).map((role) => role.id));
    if (given.roleIds.some((roleId) => !known.has(roleId))) throw invalid({ roles: 'role-not-found' });
    if (given.roleIds.length === 0 && !given.everyAction) throw invalid({ roles: 'credential-without-role' });
    const made = await insertCredential(
      tx,
      {
        administrator_id: owner.id,
        identifier,
        secret_hash: fingerprint(secret),
        secret_md5_hash: fingerprint(md5Hex(secret)),
        description: oneLine(given.description).slice(0, 300),
        every_action: given.everyAction ? 1 : 0,
        allowed_addresses: JSON.stringify(clean),
        expires_at: given.expiresAt ?? null,
        created_at: tx.now(),
        last_used_at: null,
        last_used_ip: null,
      },
      given.roleIds,
    );
    await audit(tx, actor, {
      event: 'api.credential.created',
      description: `An API credential was created for ${owner.username}`,
      details: { credentialId: made, identifier },
    });
    return made;
  });
  return { id, identifier, secret };
}

/** Every credential, newest first. */
export async function listCredentials(ctx: Context): Promise<ApiCredential[]> {
  const roles = await credentialRoleRows(ctx);
  return (await credentialRows(ctx)).map((row) =>
    credentialFrom(
      row,
      roles.filter((one) => one.credential_id === row.id).map((one) => one.role_id),
    ),
  );
}

/** Removes a credential: its next call is refused. */
export async function removeCredential(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const identifier = await deleteCredential(tx, id);
    if (identifier === undefined) throw notFound('credential-not-found');
    await audit(tx, actor, {
      event: 'api.credential.deleted',
      description: 'An API credential was deleted',
      details: { identifier },
    });
  });
}

/** The credential of an identifier whose secret matches, with its administrator; else undefined. */
export async function checkCredential(
  ctx: Context,
  identifier: string,
  secret: string,
): Promise<{ credential: ApiCredential; administrator: Administrator; actions: ReadonlySet<string> } | undefined> {
  const row = await findCredentialRow(ctx, identifier);
  const offered = fingerprint(secret);
  const plain = constantTimeEqual(offered, row?.secret_hash ?? '');
  // Old clients send the MD5 of whatever they are given as a password; of a random secret that loses nothing.
  const hashed = constantTimeEqual(fingerprint(secret.toLowerCase()), row?.secret_md5_hash ?? '');
  if (!row || !(plain || hashed)) return undefined;
  if (row.expires_at !== null && row.expires_at <= ctx.now()) return undefined;
  const administrator = await findAdministrator(ctx, row.administrator_id);
  if (!administrator) return undefined;
  const roleIds = (await credentialRoleRows(ctx, row.id)).map((one) => one.role_id);
  const roles = roleIds.length === 0 ? [] : (await listApiRoles(ctx)).filter((role) => roleIds.includes(role.id));
  return {
    credential: credentialFrom(row, roleIds),
    administrator,
    actions: new Set(roles.flatMap((role) => role.actions)),
  };
}

/** Notes that a credential was used, at most once a minute. */
export async function noteCredentialUse(ctx: Context, credential: ApiCredential, ip: string): Promise<void> {
  if (
    credential.lastUsedAt !== undefined &&
    ctx.now() - credential.lastUsedAt < minutes(1) &&
    credential.lastUsedIp === ip
  )
    return;
  await touchCredential(ctx, credential.id, ip);
}

function credentialFrom(row: ApiCredentialRow, roleIds: readonly number[]): ApiCredential {
  return {
    id: row.id,
    administratorId: row.administrator_id,
    identifier: row.identifier,
    description: row.description,
    everyAction: row.every_action === 1,
    roleIds,
    allowedAddresses: JSON.parse(row.allowed_addresses) as string[], // written by addCredential
    expiresAt: row.expires_at ?? undefined,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastUsedIp: row.last_used_ip ?? undefined,
  };
}
