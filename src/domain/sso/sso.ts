// Single sign-on: a program that has verified a person gets a token, and the person's browser spends it, once, within
// 60 seconds (sso-oidc-autoauth.md, section 1). The token is full authentication of the account.

import { accountsOf } from '#domain/access/accounts.ts';
import { findMember, ownerIdOf, reachesService } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, usesSoFar } from '#domain/guard/limits.ts';
import type { Holder } from '#domain/login/holder.ts';
import { holdHolder } from '#domain/login/holder.ts';
import { signInHeld } from '#domain/login/sign-in.ts';
import type { OpenedSession } from '#domain/sessions/opening.ts';
import type { Person } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { destinationTarget } from '#domain/sso/destinations.ts';
import type { SsoTokenRow } from '#domain/sso/sso-tokens.table.ts';
import { findSsoToken, insertSsoToken, spendSsoToken } from '#domain/sso/sso-tokens.table.ts';
import { findUser } from '#domain/users/users.ts';
import { networkName } from '#kit/address.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { fingerprint, randomHex } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long a token holds. */
export const SSO_TOKEN_MS = seconds(60);

/** What a program asks for. */
export type SsoRequest = {
  readonly clientId: number | undefined;
  readonly userId: number | undefined;
  readonly destination: string | undefined;
  readonly serviceId: number | undefined;
  readonly domainId: number | undefined;
  readonly redirectPath: string | undefined;
};

/** Why no token was made: each has its documented text on the wire. */
export type SsoRefusal =
  | {
      readonly refused:
        | 'invalid-client'
        | 'invalid-user'
        | 'invalid-user-for-client'
        | 'nobody-named'
        | 'invalid-destination';
    }
  | { readonly refused: 'blocked'; readonly clientId: number };

/** The token and the address that a browser opens with it. */
export type SsoToken = { readonly token: string; readonly redirectUrl: string };

/** Makes a token, or says why not. Checks the account now and again when it is spent. */
export async function createSsoToken(ctx: Context, actor: Actor, request: SsoRequest): Promise<SsoToken | SsoRefusal> {
  const token = randomHex(20); // 160 bits, in the 40 hexadecimal digits that clients know
  const refusal = await ctx.transaction((tx) => keepToken(tx, actor, request, token));
  return refusal ?? { token, redirectUrl: await publicLink(ctx, `/oauth/singlesignon.php?access_token=${token}`) };
}

async function keepToken(
  tx: Context,
  actor: Actor,
  request: SsoRequest,
  token: string,
): Promise<SsoRefusal | undefined> {
  const who = await resolve(tx, request);
  if ('refused' in who) return who;
  const destination = request.destination ?? 'clientarea:homepage';
  const ids = {
    clientId: who.client?.id,
    userId: who.userId,
    serviceId: request.serviceId,
    domainId: request.domainId,
  };
  const target = await destinationTarget(tx, destination, ids, request.redirectPath);
  if (target === undefined) return { refused: 'invalid-destination' };
  await insertSsoToken(tx, {
    token_hash: fingerprint(token),
    user_id: who.userId,
    client_id: who.client?.id ?? null,
    target,
    issued_by: actor.name,
    created_at: tx.now(),
    expires_at: tx.now() + SSO_TOKEN_MS,
    used_at: null,
  });
  await audit(tx, actor, {
    event: 'sso.token.issued',
    description: `A single sign-on token was made for user ${who.userId}`,
    clientId: who.client?.id,
    userId: who.userId,
    details: { destination },
  });
  return undefined;
}

/** Signed in, and where to go; or refused, with everything that there is to say already in the log. */
export type SsoAnswer = { readonly session: OpenedSession; readonly target: string } | { readonly refused: true };

// A token of 160 random bits is not guessed; this keeps whoever tries from filling the log.
const REFUSAL_LINES: Limit = { name: 'sso-refusals', most: 100, withinMs: minutes(15) };

/** Spends a token. Of any number of callers one is signed in. */
export async function redeemSsoToken(
  ctx: Context,
  token: string,
  from: { readonly ip: string; readonly userAgent: string; readonly replaces?: number | undefined },
): Promise<SsoAnswer> {
  const answer = await ctx.transaction(async (tx): Promise<SsoAnswer | undefined> => {
    const spent = await spendSsoToken(tx, fingerprint(token));
    if (!spent) return undefined;
    const proof = makeProof({ kind: 'user', userId: spent.user_id }, ['sso']);
    const found = await holderOrDenial(tx, proof.person, spent);
    if ('denial' in found) {
      await noteRefusal(tx, from.ip, found.denial, spent);
      return { refused: true };
    }
    const session = await signInHeld(tx, found.holder, proof, { ...from, origin: 'sso' });
    await audit(
      tx,
      { kind: 'system', name: spent.issued_by, ip: from.ip },
      {
        event: 'sso.token.redeemed',
        description: `A single sign-on token of ${spent.issued_by} signed in user ${spent.user_id}`,
        clientId: spent.client_id ?? undefined,
        userId: spent.user_id,
      },
    );
    return { session, target: spent.target };
  });
  if (answer) return answer;
  await noteWorthless(ctx, token, from.ip);
  return { refused: true };
}

/** A token that opens nothing: unknown, too old, or spent. */
async function noteWorthless(ctx: Context, token: string, ip: string): Promise<void> {
  const network = networkName(ip);
  if ((await usesSoFar(ctx, REFUSAL_LINES, network)).count >= REFUSAL_LINES.most) return;
  await countUse(ctx, REFUSAL_LINES, network);
  const known = await findSsoToken(ctx, fingerprint(token));
  await noteRefusal(ctx, ip, unable(known?.client_id ?? known?.user_id ?? 'unknown'), known);
}

async function noteRefusal(
  tx: Context,
  ip: string,
  description: string,
  token: Pick<SsoTokenRow, 'client_id' | 'user_id'> | undefined,
): Promise<void> {
  await audit(tx, strangerActor(ip), {
    event: 'sso.token.refused',
    description,
    clientId: token?.client_id ?? undefined,
    userId: token?.user_id,
  });
}

function unable(id: number | string): string {
  return `Unable to authenticate with Single Sign-On token for User ID: ${id}`;
}

type Resolved = { readonly userId: number; readonly client: Client | undefined };

async function resolve(ctx: Context, request: SsoRequest): Promise<Resolved | SsoRefusal> {
  if (request.clientId === undefined && request.userId === undefined) return { refused: 'nobody-named' };
  if (request.clientId === undefined) return resolveUser(ctx, request.userId ?? 0);
  const { clientId } = request;
  const [client, userId] = await Promise.all([findClient(ctx, clientId), request.userId ?? ownerIdOf(ctx, clientId)]);
  if (!client || client.status === 'Closed') return { refused: 'invalid-client' };
  if (userId === undefined) return { refused: 'invalid-user' };
  const [user, member] = await Promise.all([findUser(ctx, userId), findMember(ctx, userId, clientId)]);
  if (!user || user.disabledAt !== undefined) return { refused: 'invalid-user' };
  if (!member) return { refused: 'invalid-user-for-client' };
  if (!client.allowSso) return { refused: 'blocked', clientId };
  if (!reachesService(member, request.serviceId)) return { refused: 'invalid-destination' };
  return { userId: user.id, client };
}

/** A user alone: the account is theirs when they have just one; else they choose after signing in. */
async function resolveUser(ctx: Context, userId: number): Promise<Resolved | SsoRefusal> {
  const user = await findUser(ctx, userId);
  if (!user || user.disabledAt !== undefined) return { refused: 'invalid-user' };
  const open = (await accountsOf(ctx, user.id)).filter((one) => one.client.status !== 'Closed');
  const blocked = open.find((one) => !one.client.allowSso);
  if (blocked && open.every((one) => !one.client.allowSso)) return { refused: 'blocked', clientId: blocked.client.id };
  return { userId: user.id, client: open.length === 1 ? open[0]?.client : undefined };
}

/**
 * The person of a token, held; or what changed since it was made, in the documented words of the log. Asked in one go: what
 * stands behind the person is read once they are held.
 */
async function holderOrDenial(
  tx: Context,
  person: Person,
  { client_id: clientId, user_id: userId }: SsoTokenRow,
): Promise<{ readonly holder: Holder } | { readonly denial: string }> {
  const [holder, client, member] = await Promise.all([
    holdHolder(tx, person),
    clientId === null ? undefined : findClient(tx, clientId),
    clientId === null ? undefined : findMember(tx, userId, clientId),
  ]);
  if (!holder || holder.disabled) return { denial: unable(userId) };
  if (clientId === null) return { holder };
  if (!client || client.status === 'Closed')
    return { denial: `Single Sign-On authentication denied for "Closed" User ID: ${clientId}` };
  if (!client.allowSso)
    return { denial: `Single Sign-On authentication denied per configuration for User ID: ${clientId}` };
  return member ? { holder } : { denial: unable(clientId) };
}
