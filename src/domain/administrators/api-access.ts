// Who may call the API: the address, the credential, its administrator, in this order. A stranger from an address that is
// not listed learns nothing but that; whoever guesses meets the same words whatever was wrong, and in the end a pause.

import { holds } from '#domain/administrators/administrators.ts';
import { apiAllowedAddresses, logApiAuthentication } from '#domain/administrators/api-access.settings.ts';
import type { ProvenCredential } from '#domain/administrators/api-credentials.ts';
import { checkCredential, noteCredentialUse } from '#domain/administrators/api-credentials.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, usesSoFar } from '#domain/guard/limits.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import type { NotedRange } from '#domain/settings/setting.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { RangeIndex } from '#kit/address.ts';
import { isLoopback, isWithin, networkName, rangeIndex } from '#kit/address.ts';
import { hours, minutes } from '#kit/duration.ts';
import { constantTimeEqual } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** What a program shows at the door. `action` is only for the log. */
export type ApiOffer = {
  readonly ip: string;
  readonly identifier: string | undefined;
  readonly secret: string | undefined;
  readonly accessKey: string | undefined;
  readonly action: string;
};

/**
 * Why nobody was let in.
 * - `address`: the address is not listed; whether the credential is right is not told
 * - `credential`: none was shown, it is wrong, has ended, or may call nothing any more
 * - `disabled`, `no-api-access`: the credential is right; its administrator is disabled, or their role lacks `API Access`
 * - `too-many`: too many refusals from this network
 */
export type ApiRefusal =
  | { readonly refused: 'address' | 'credential' | 'disabled' | 'no-api-access' }
  | { readonly refused: 'too-many'; readonly retryAfterSeconds: number };

// A secret of 190 random bits is not guessed, so this limit guards the log and the database, and no pause is for those
// whose credential is right: a neighbour's guesses, or one's own old program, must not stop an integration.
const REFUSALS: Limit = { name: 'api-refusals', most: 300, withinMs: minutes(15) };
const LINES_FOR_A_CREDENTIAL: Limit = { name: 'api-refusal-line', most: 1, withinMs: minutes(15) };
const LINES: Limit = { name: 'api-refusal-lines', most: 300, withinMs: hours(1) };

/** Lets a program in, or says why not. One statement when it is let in, but for a note of its use once a minute. */
export async function enterApi(ctx: Context, offer: ApiOffer): Promise<ProvenCredential | ApiRefusal> {
  const check = await checkCredential(ctx, offer.identifier ?? '', offer.secret ?? '');
  if (!check.proven) {
    const refused = (await isAdmitted(ctx, offer)) ? 'credential' : 'address';
    return refuseStranger(ctx, offer, refused, check.credentialId);
  }
  // From an address that is not allowed a right secret meets what a wrong one does, pause and all.
  if (!(await isAdmittedWith(ctx, offer, check))) return refuseStranger(ctx, offer, 'address', check.credential.id);
  const obstacle = obstacleTo(ctx, check);
  if (obstacle) return refuseProven(ctx, offer, check, obstacle);
  await noteCredentialUse(ctx, check.credential, offer.ip);
  if (await settingOf(ctx, logApiAuthentication)) await noteAuthentication(ctx, offer, check);
  return check;
}

/** Why a right credential from an allowed address is refused all the same, and how the log says it. */
type Obstacle = { readonly refused: 'credential' | 'disabled' | 'no-api-access'; readonly because: string };

function obstacleTo(ctx: Context, { credential, administrator }: ProvenCredential): Obstacle | undefined {
  if (credential.expiresAt !== undefined && credential.expiresAt <= ctx.now())
    return { refused: 'credential', because: 'the credential has ended' };
  if (!credential.everyAction && credential.roleIds.length === 0)
    return { refused: 'credential', because: 'the credential has no role' };
  if (administrator.disabledAt !== undefined) return { refused: 'disabled', because: 'the administrator is disabled' };
  if (!holds(administrator, 'API Access'))
    return { refused: 'no-api-access', because: 'the role of the administrator lacks API Access' };
  return undefined;
}

/** A list of its own narrows a credential: neither the installation's list nor the access key widens it. */
async function isAdmittedWith(ctx: Context, offer: ApiOffer, { credential }: ProvenCredential): Promise<boolean> {
  const own = credential.allowedAddresses;
  return own.length > 0 ? own.some((range) => isWithin(offer.ip, range)) : isAdmitted(ctx, offer);
}

/** Whether the installation lets this address in. The access key lifts the question; a wrong one changes nothing. */
async function isAdmitted(ctx: Context, offer: ApiOffer): Promise<boolean> {
  const key = ctx.config.apiAccessKey;
  if (key !== undefined && offer.accessKey !== undefined && constantTimeEqual(offer.accessKey, key)) return true;
  const { isListed, isOurOwn } = verdictOn(await settingOf(ctx, apiAllowedAddresses), offer.ip);
  // Behind a proxy on this machine every stranger would be loopback.
  return isListed || (isOurOwn && isLoopbackOrigin(await publicOrigin(ctx)));
}

type Verdict = { readonly isListed: boolean; readonly isOurOwn: boolean };
type ReadList = { readonly index: RangeIndex<true>; readonly verdicts: Map<string, Verdict> };
const readLists = new WeakMap<readonly NotedRange[], ReadList>();

/**
 * Whether a list holds an address, and whether that is this machine's. The list is the same object until somebody changes
 * it, so it is taken apart once, and what was found of the few addresses that programs call from is kept as long.
 */
function verdictOn(list: readonly NotedRange[], address: string): Verdict {
  const known: ReadList = readLists.get(list) ?? {
    index: rangeIndex(list.map(({ range }) => [range, true] as const)),
    verdicts: new Map(),
  };
  readLists.set(list, known);
  const before = known.verdicts.get(address);
  if (before !== undefined) return before;
  const verdict = { isListed: known.index.holding(address).length > 0, isOurOwn: isLoopback(address) };
  if (known.verdicts.size >= 1000) known.verdicts.clear();
  known.verdicts.set(address, verdict);
  return verdict;
}

/** Somebody without a right credential, or from elsewhere: counted for their network, and told to wait when it was too often. */
async function refuseStranger(
  ctx: Context,
  offer: ApiOffer,
  refused: 'address' | 'credential',
  credentialId: number | undefined,
): Promise<ApiRefusal> {
  const pause = await pauseOf(ctx, offer.ip);
  if (pause) return pause;
  const count = await countUse(ctx, REFUSALS, networkName(offer.ip));
  // A few lines tell the story; a flood from many networks ends at LINES.
  if ([1, 10, 100, REFUSALS.most].includes(count) && (await countUse(ctx, LINES, '')) <= LINES.most) {
    const because = refused === 'address' ? 'the address is not allowed' : 'the credential is missing or wrong';
    await noteRefusal(ctx, offer, `${because} (${count} from this network in a quarter of an hour)`, credentialId);
  }
  return { refused };
}

/** A right credential that may not enter: no guess, so it is not counted as one, and logged once in a quarter of an hour. */
async function refuseProven(
  ctx: Context,
  offer: ApiOffer,
  { credential }: ProvenCredential,
  { refused, because }: Obstacle,
): Promise<ApiRefusal> {
  const whom = `${credential.id} ${refused}`;
  const { count } = await usesSoFar(ctx, LINES_FOR_A_CREDENTIAL, whom);
  if (count === 0 && (await countUse(ctx, LINES_FOR_A_CREDENTIAL, whom)) === 1)
    await noteRefusal(ctx, offer, because, credential.id);
  return { refused };
}

/** The pause of a network that guessed too often. A read; while it lasts nothing is written. */
async function pauseOf(ctx: Context, ip: string): Promise<ApiRefusal | undefined> {
  const { count, resetsAt } = await usesSoFar(ctx, REFUSALS, networkName(ip));
  if (count < REFUSALS.most) return undefined;
  return { refused: 'too-many', retryAfterSeconds: Math.max(1, Math.ceil((resetsAt - ctx.now()) / 1000)) };
}

async function noteRefusal(
  ctx: Context,
  offer: ApiOffer,
  because: string,
  credentialId: number | undefined,
): Promise<void> {
  await audit(ctx, strangerActor(offer.ip), {
    event: 'api.authentication.failed',
    description: `An API call was refused: ${because}`,
    ...(credentialId === undefined ? {} : { details: { credentialId } }),
  });
}

async function noteAuthentication(ctx: Context, offer: ApiOffer, proven: ProvenCredential): Promise<void> {
  const { administrator, credential } = proven;
  const actor: Actor = {
    kind: 'administrator',
    administratorId: administrator.id,
    name: administrator.username,
    ip: offer.ip,
    credentialId: credential.id,
  };
  await audit(ctx, actor, {
    event: 'api.authentication',
    description: `An API credential of ${administrator.username} was used`,
    details: { credentialId: credential.id, action: offer.action.slice(0, 60) },
  });
}
