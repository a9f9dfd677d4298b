// Sends requests to the WHMCS wire as programs do, byte by byte where that matters.

import type { LightMyRequestResponse } from 'fastify';
import { addCredential, saveApiRole } from '#domain/administrators/api-credentials.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { World } from '#tests/world.ts';

/** The address of the wire. */
export const API = '/includes/api.php';

export type Credential = { readonly identifier: string; readonly secret: string };

/** A request as a program sends it. `fields` is encoded as a form; `body` goes out as it is. */
export type Sent = {
  readonly fields?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ip?: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD';
  readonly path?: string;
};

/** Posts a request. */
export function send(world: World, sent: Sent): Promise<LightMyRequestResponse> {
  const query = sent.query ? `?${new URLSearchParams(sent.query)}` : '';
  const form = 'application/x-www-form-urlencoded';
  const contentType = 'contentType' in sent ? sent.contentType : form;
  const payload = sent.body ?? (sent.fields ? new URLSearchParams(sent.fields).toString() : undefined);
  return world.app.inject({
    method: sent.method ?? 'POST',
    url: `${sent.path ?? API}${query}`,
    remoteAddress: sent.ip ?? '127.0.0.1',
    headers: { ...(contentType ? { 'content-type': contentType } : {}), ...sent.headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

/** Posts an action as JSON with a credential; answers status and parsed body. */
export async function call(
  world: World,
  credential: Credential,
  action: string,
  values: Readonly<Record<string, string>> = {},
  ip = '127.0.0.1',
): Promise<{ status: number; body: Record<string, unknown>; headers: LightMyRequestResponse['headers'] }> {
  const { identifier, secret } = credential;
  const answer = await send(world, { fields: { identifier, secret, action, responsetype: 'json', ...values }, ip });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

/** A body of multipart/form-data as the Go client writes it. */
export function multipart(fields: Readonly<Record<string, string>>): { body: string; contentType: string } {
  const boundary = '4f2b8c1d9e';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { body: `${parts.join('')}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` };
}

const operator = systemActor('Test');

/** Changes settings as the operator. */
export async function set(world: World, settings: Readonly<Record<string, string>>): Promise<void> {
  await changeSettings(world.ctx, operator, settings);
}

/** Makes a credential; everything that is not said is open. */
export async function credentialOf(
  world: World,
  over: {
    administratorId?: number;
    actions?: readonly string[];
    addresses?: readonly string[];
    expiresAt?: number;
  } = {},
): Promise<Credential & { id: number; roleId: number | undefined }> {
  const name = `role ${world.ctx.statementCount()}`;
  const roleId = over.actions
    ? await saveApiRole(world.ctx, operator, undefined, { name, description: '', actions: over.actions })
    : undefined;
  const made = await addCredential(world.ctx, operator, {
    administratorId: over.administratorId ?? world.cast.root.id,
    description: 'test',
    roleIds: roleId === undefined ? [] : [roleId],
    everyAction: roleId === undefined,
    allowedAddresses: over.addresses ?? [],
    expiresAt: over.expiresAt,
  });
  return { ...made, roleId };
}
