// The API within this process, for modules and hooks: WHMCS's local API. The same actions and answers as over the wire,
// without an address, a credential or a response type.

import type { Caller } from '#api/action.ts';
import { callAction, faulted, refused } from '#api/call.ts';
import { usualLimits } from '#api/dialect/in.ts';
import type { Answer } from '#api/dialect/out.ts';
import { cleanText } from '#api/dialect/php-form.ts';
import { emptyMap, WireFault, WireFile, type WireValue, type WireValues } from '#api/dialect/wire.ts';
import { findActions } from '#api/found-actions.ts';
import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What a local call may be given: a list stands for PHP's list, an object for its map, null for an empty text. */
export type LocalValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | WireFile
  | readonly LocalValue[]
  | { readonly [name: string]: LocalValue };

/** The person on whose behalf a local call is made: `ValidateLogin` binds its session to them. */
export type LocalVisitor = { readonly ip: string; readonly userAgent: string };

/**
 * Calls an action in this process and answers what the wire would: `{ result: 'success', … }`, or `{ result: 'error',
 * message }`. Never throws. `action` is in any case. `administrator`, by id or user name, is in whose name it is done;
 * without one it is the first active full administrator. API roles do not bind local calls.
 */
export async function localApi(
  ctx: Context,
  action: string,
  values: Readonly<Record<string, LocalValue>> = {},
  administrator?: number | string,
  visitor?: LocalVisitor,
): Promise<Answer> {
  try {
    const whose = await actingAdministrator(ctx, administrator);
    if (!whose) return refused(200, 'Admin ID Not Found').answer;
    if (whose.disabledAt !== undefined) return refused(200, 'Administrator Account Disabled').answer;
    const caller = localCaller(whose, visitor);
    return (await callAction(await findActions(), ctx, caller, action.trim(), wireValues(values))).answer;
  } catch (error) {
    if (error instanceof WireFault) return refused(200, error.message).answer;
    return faulted(ctx, error, undefined).answer;
  }
}

async function actingAdministrator(
  ctx: Context,
  wanted: number | string | undefined,
): Promise<Administrator | undefined> {
  const all = await listAdministrators(ctx);
  if (wanted === undefined) return all.find((one) => one.role.isFull && one.disabledAt === undefined);
  if (typeof wanted === 'number') return all.find((one) => one.id === wanted);
  return all.find((one) => comparable(one.username) === comparable(wanted));
}

function localCaller(administrator: Administrator, visitor: LocalVisitor | undefined): Caller {
  return {
    administrator,
    actor: {
      kind: 'administrator',
      administratorId: administrator.id,
      name: administrator.username,
      ip: visitor?.ip ?? '',
    },
    credentialId: undefined,
    local: true,
    visitor,
  };
}

/** Plain values as the wire would have brought them. Throws WireFault for what no request can hold. */
function wireValues(values: Readonly<Record<string, LocalValue>>): WireValues {
  const map = emptyMap<WireValue>();
  for (const [name, value] of Object.entries(values)) {
    if (name === '__proto__' || value === undefined) continue;
    map[name] = wireValue(name, value, usualLimits.depth);
  }
  return map;
}

function wireValue(name: string, value: LocalValue, depth: number): WireValue {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(name, value);
  if (value instanceof WireFile) return value;
  if (depth === 0) throw new WireFault(name, `The parameter "${name}" is nested too deeply`);
  return nested(name, value, depth);
}

function nested(name: string, value: object, depth: number): WireValue {
  if (!Array.isArray(value) && !isPlain(value))
    throw new WireFault(name, `The parameter "${name}" holds something that cannot be sent`);
  const map = emptyMap<WireValue>();
  for (const [key, element] of Object.entries(value)) {
    if (key !== '__proto__' && element !== undefined) map[key] = wireValue(name, element as LocalValue, depth - 1);
  }
  return map;
}

function numberText(name: string, value: number): string {
  if (!Number.isFinite(value)) throw new WireFault(name, `The parameter "${name}" is no number`);
  return String(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
