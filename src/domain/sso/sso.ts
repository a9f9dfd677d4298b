// Single sign-on: a program that has verified a person gets a token, and the person's browser spends it, once, within
// 60 seconds (sso-oidc-autoauth.md, section 1). The token is full authentication of the account.

import { accountsOf, findMember, ownerIdOf } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, usesSoFar } from '#domain/guard/limits.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import type { OpenedSession } from '#domain/sessions/sessions.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { destinationTarget } from '#domain/sso/destinations.ts';
import type { SsoTokenRow } from '#domain/sso/sso-tokens.table.ts';
import { findSsoToken, insertSsoToken, spendSsoToken } from '#domain/sso/sso-tokens.table.ts';
import { findUser, holdUser } from '#domain/users/users.ts';
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
  const who = await resolve(ctx, request);
  if ('refused' in who) return who;
  const target = await destinationTarget(
    ctx,
    request.destination ?? 'clientarea:homepage',
    { clientId: who.client?.id, userId: who.userId, serviceId: request.serviceId, domainId: request.domainId },
    request.redirectPath,
  );
  if (target === undefined) return { refused: 'invalid-destination' };
  const token = randomHex(20); // 160 bits, in the 40 hexadecimal digits that clients know
  await ctx.transaction(async (tx) => {
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
      details: { destination: request.destination ?? 'clientarea:homepage' },
    });
  });
  return { token, redirectUrl: await publicLink(ctx, `/oauth/singlesignon.php?access_token=${token}`) };
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
    const denial = await denialOf(tx, spent.client_id, spent.user_id);
    if (denial) {
      await noteRefusal(tx, from.ip, denial, spent);
      return { refused: true };
    }
    const proof = makeProof({ kind: 'user', userId: spent.user_id }, ['sso']);
    const session = await signIn(tx, proof, { ...from, origin: 'sso' });
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
  const client = await findClient(ctx, request.clientId);
  if (!client || client.status === 'Closed') return { refused: 'invalid-client' };
  const userId = request.userId ?? (await ownerIdOf(ctx, client.id));
  const user = userId === undefined ? undefined : await findUser(ctx, userId);
  if (!user || user.disabledAt !== undefined) return { refused: 'invalid-user' };
  if (!(await findMember(ctx, user.id, client.id))) return { refused: 'invalid-user-for-client' };
  if (!client.allowSso) return { refused: 'blocked', clientId: client.id };
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

/** What changed since the token was made, in the documented words of the log. */
async function denialOf(tx: Context, clientId: number | null, userId: number): Promise<string | undefined> {
  const user = (await holdUser(tx, userId))?.user;
  if (!user || user.disabledAt !== undefined) return unable(userId);
  if (clientId === null) return undefined;
  const client = await findClient(tx, clientId);
  if (!client || client.status === 'Closed')
    return `Single Sign-On authentication denied for "Closed" User ID: ${clientId}`;
  if (!client.allowSso) return `Single Sign-On authentication denied per configuration for User ID: ${clientId}`;
  if (!(await findMember(tx, userId, clientId))) return unable(clientId);
  return undefined;
}
