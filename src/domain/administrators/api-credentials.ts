// Credentials of programs: an identifier and a secret of an administrator, narrowed by API roles, addresses and an end.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorFrom, administratorOf, mayTouchRole } from '#domain/administrators/administrators.ts';
import { isApiAction } from '#domain/administrators/api-actions.ts';
import type { ApiCallerRow } from '#domain/administrators/api-caller.view.ts';
import { apiCallerRows } from '#domain/administrators/api-caller.view.ts';
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
import { roleFrom } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { plainRange } from '#kit/address.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { constantTimeEqual, fingerprint, md5Hex, randomLetters } from '#kit/secret.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What a program may call. Actions are lower-cased names of the documented ones. */
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
  /** The only ranges it may be used from; empty: the installation's list decides. */
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

/** The API role of this id. Throws not-found. */
export async function apiRoleOf(ctx: Context, id: number): Promise<ApiRole> {
  const found = (await listApiRoles(ctx)).find((role) => role.id === id);
  if (!found) throw notFound('api-role-not-found');
  return found;
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
  if (name.length > 100) throw invalid({ name: 'too-long' });
  if (given.description.length > 500) throw invalid({ description: 'too-long' });
  if (!given.actions.every(isApiAction)) throw invalid({ actions: 'api-action-unknown' });
  const actions = [...new Set(given.actions.map((one) => one.toLowerCase()))].sort();
  if (actions.length === 0) throw invalid({ actions: 'api-role-without-actions' });
  const row = { name, description: oneLine(given.description), actions: JSON.stringify(actions) };
  return ctx.transaction(async (tx) => {
    const others = (await apiRoleRows(tx)).filter((one) => one.id !== id);
    if (others.some((one) => comparable(one.name) === comparable(name))) throw conflict('role-name-taken');
    const saved = id === undefined ? await insertApiRole(tx, row) : await replaceApiRole(tx, id, row);
    if (saved === undefined) throw conflict('role-name-taken'); // by somebody at the same moment
    await audit(tx, actor, {
      event: 'api.role.saved',
      description: `The API role ${name} was saved`,
      details: { roleId: saved, actions },
    });
    return saved;
  });
}

async function replaceApiRole(
  tx: Context,
  id: number,
  row: { name: string; description: string; actions: string },
): Promise<number | undefined> {
  const known = await updateApiRole(tx, id, row).catch((error: unknown) => {
    if (/unique|duplicate key/i.test(String(error))) throw conflict('role-name-taken');
    throw error;
  });
  if (!known) throw notFound('api-role-not-found');
  return id;
}

/** Removes an API role; credentials lose it, and one that is left without any may call nothing. */
export async function removeApiRole(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const role = await apiRoleOf(tx, id);
    if (!(await deleteApiRole(tx, id))) throw notFound('api-role-not-found');
    await audit(tx, actor, {
      event: 'api.role.deleted',
      description: `The API role ${role.name} was deleted`,
      details: { actions: role.actions },
    });
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
      [...new Set(given.roleIds)],
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

/** The credential of this id. Throws not-found. */
export async function credentialOf(ctx: Context, id: number): Promise<ApiCredential> {
  const row = await findCredentialRow(ctx, id);
  if (!row) throw notFound('credential-not-found');
  const roles = await credentialRoleRows(ctx, id);
  return credentialFrom(
    row,
    roles.map((one) => one.role_id),
  );
}

/** Removes a credential: its next call is refused. Nobody removes one of staff who may do more than they. */
export async function removeCredential(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await findCredentialRow(tx, id);
    if (!row) throw notFound('credential-not-found');
    const owner = await administratorOf(tx, row.administrator_id);
    await mayTouchRole(tx, actor, owner.role);
    const identifier = await deleteCredential(tx, id);
    if (identifier === undefined) throw notFound('credential-not-found');
    await audit(tx, actor, {
      event: 'api.credential.deleted',
      description: `An API credential of ${owner.username} was deleted`,
      details: { credentialId: id, identifier },
    });
  });
}

/** What a call needs to know of its credential. */
export type CredentialInUse = Omit<ApiCredential, 'administratorId' | 'identifier' | 'description' | 'createdAt'>;

/** A credential whose secret was shown to be known, with its administrator as they are now. */
export type ProvenCredential = {
  readonly credential: CredentialInUse;
  readonly administrator: Administrator;
  /** Whether it may call an action of this lower-cased name. */
  readonly mayCall: (action: string) => boolean;
};

/** What an identifier and a secret are worth. `credentialId`: whose identifier it was; never for the caller to see. */
export type CredentialCheck =
  | ({ readonly proven: true } & ProvenCredential)
  | { readonly proven: false; readonly credentialId: number | undefined };

/**
 * Checks an identifier and a secret; one statement, the same for an identifier that nobody has. What the credential may
 * be used for (its end, its addresses, its administrator) is for `enterApi` to judge.
 */
export async function checkCredential(ctx: Context, identifier: string, secret: string): Promise<CredentialCheck> {
  if (identifier === '' || secret === '' || identifier.length > 100 || secret.length > 200)
    return { proven: false, credentialId: undefined };
  const rows = await apiCallerRows(ctx, identifier);
  const row = rows[0];
  if (!secretFits(secret, row) || !row) return { proven: false, credentialId: row?.credentialId };
  const roles = rows.flatMap((one) => (one.apiRoleId === null ? [] : [{ id: one.apiRoleId, actions: namesIn(one) }]));
  return {
    proven: true,
    credential: {
      id: row.credentialId,
      everyAction: row.every_action === 1,
      roleIds: roles.map((role) => role.id),
      allowedAddresses: rangesIn(row),
      expiresAt: row.expires_at ?? undefined,
      lastUsedAt: row.last_used_at ?? undefined,
      lastUsedIp: row.last_used_ip ?? undefined,
    },
    administrator: administratorFrom(
      row,
      roleFrom({ id: row.role_id, name: row.roleName, permissions: row.rolePermissions }),
    ),
    mayCall: (action) => row.every_action === 1 || roles.some((role) => role.actions.has(action)),
  };
}

/** Whether a secret is the row's, as it is or as its MD5; of no row, the same comparison against nothing. */
function secretFits(secret: string, row: ApiCallerRow | undefined): boolean {
  if (constantTimeEqual(fingerprint(secret), row?.secret_hash ?? '')) return true;
  // Old clients send the MD5 of whatever they are given as a password; of a random secret that loses nothing.
  return constantTimeEqual(fingerprint(secret.toLowerCase()), row?.secret_md5_hash ?? '');
}

const readBefore = new Map<string, ReadonlySet<string>>();

/** The actions of an API role as read. Each call asks, and the same few lists come again. */
function namesIn(row: ApiCallerRow): ReadonlySet<string> {
  const text = row.apiRoleActions ?? '[]';
  const known = readBefore.get(text);
  if (known) return known;
  const read = new Set(JSON.parse(text) as string[]); // written by saveApiRole
  if (readBefore.size >= 100) readBefore.clear();
  readBefore.set(text, read);
  return read;
}

/** Notes that a credential was used: at most once a minute, and another address within five seconds. */
export async function noteCredentialUse(ctx: Context, credential: CredentialInUse, ip: string): Promise<void> {
  const pause = credential.lastUsedIp === ip ? minutes(1) : seconds(5);
  if (credential.lastUsedAt !== undefined && ctx.now() - credential.lastUsedAt < pause) return;
  await touchCredential(ctx, credential.id, ip);
}

function rangesIn(row: Pick<ApiCredentialRow, 'allowed_addresses'>): string[] {
  if (row.allowed_addresses === '[]') return [];
  return JSON.parse(row.allowed_addresses) as string[]; // written by addCredential
}

function credentialFrom(row: ApiCredentialRow, roleIds: readonly number[]): ApiCredential {
  return {
    id: row.id,
    administratorId: row.administrator_id,
    identifier: row.identifier,
    description: row.description,
    everyAction: row.every_action === 1,
    roleIds,
    allowedAddresses: rangesIn(row),
    expiresAt: row.expires_at ?? undefined,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastUsedIp: row.last_used_ip ?? undefined,
  };
}
