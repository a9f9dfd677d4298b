// Makes a visit of a request: who is here, in which account, in which language, and what the frame alone needs beside that.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { accountsToChangeTo } from '#domain/access/accounts.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { operatorOrigins } from '#domain/sso/destinations.ts';
import type { Context } from '#src/context.ts';
import { cookieJar, untouched } from '#web/cookies.ts';
import { triedEntry, turnAway } from '#web/front/entering.ts';
import { answerFault } from '#web/front/fault.ts';
import type { Room } from '#web/front/found-pages.ts';
import { contentPolicy } from '#web/front/headers.ts';
import type { MadeVisit } from '#web/front/made-visit.ts';
import { takeNotice } from '#web/front/notices.ts';
import { csrfsOf, visitCookie } from '#web/front/own-posts.ts';
import type { Came } from '#web/front/signed-in.ts';
import {
  actorOf,
  inClientArea,
  NOBODY,
  signedInAdministrator,
  signedInUser,
  userAgentOf,
} from '#web/front/signed-in.ts';
import { formOf, lastValues } from '#web/front/typed.ts';
import { languageChoices, languageOfVisit } from '#web/language.ts';
import type { Visit, Who } from '#web/page.ts';
import { frameOf } from '#web/picture-frame.ts';

/** The visit; or nothing when not even that could be found out (no database, say): then the answer is on its way. */
export async function madeVisit(
  ctx: Context,
  room: Room,
  who: Who,
  request: FastifyRequest,
  reply: FastifyReply,
  mayRestore = false,
): Promise<MadeVisit | undefined> {
  try {
    return await visitOf(ctx, room, who, request, reply, mayRestore);
  } catch (error) {
    answerFault(ctx, request, reply, error);
    return undefined;
  }
}

/** Everything about a request that a page needs; or where whoever must sign in first is sent. */
async function visitOf(
  ctx: Context,
  room: Room,
  who: Who,
  request: FastifyRequest,
  reply: FastifyReply,
  mayRestore: boolean,
): Promise<MadeVisit> {
  const origin = await publicOrigin(ctx);
  const wholeJar = cookieJar(request, reply, origin.startsWith('https:'));
  const jar = request.method === 'HEAD' ? untouched(wholeJar) : wholeJar;
  const came: Came = { ip: request.visitorIp, userAgent: userAgentOf(request), mayRestore };
  const [user, administrator] = await Promise.all([
    room === 'admin' ? NOBODY : room === 'client' ? inClientArea(ctx, jar, came) : signedInUser(ctx, jar, came),
    room === 'client' ? NOBODY : signedInAdministrator(ctx, jar, came),
  ]);
  // Signing in may lead on to an address that the operator entered: `goto` names such a place of an account.
  if (room === 'entrance') reply.header('content-security-policy', contentPolicy(await operatorOrigins(ctx)));
  const [entry, accounts] = await Promise.all([
    who.is === 'account' && user.is ? triedEntry(ctx, request, user.is) : undefined,
    room === 'client' && user.is ? accountsToChangeTo(ctx, user.is.userId) : undefined,
  ]);
  const account = entry?.at === 'entered' ? entry.account : undefined;
  const path = request.url.split('?')[0] ?? '/';
  const ownValue = visitCookie(jar);
  const csrfs = csrfsOf(ctx, ownValue, user.is, administrator.is);
  const query = lastValues(request.url);
  const language = await languageOfVisit(ctx, jar, {
    own: user.is?.language || administrator.is?.language || '',
    inAddress: query.language,
    acceptLanguage: request.headers['accept-language'],
  });
  const frame = await frameOf(ctx, {
    path,
    who,
    csrf: csrfs[0],
    notice: takeNotice(ctx, jar, language),
    language,
    languages: room === 'entrance' && !user.is && !administrator.is ? languageChoices(query) : undefined,
    user: room === 'client' ? user.is : undefined,
    accounts,
    account,
    administrator: room === 'admin' ? administrator.is : undefined,
  });
  const visit: Visit = {
    ctx,
    frame,
    path,
    params: request.params as Record<string, string>, // Fastify's own: strings of the path
    query,
    form: formOf(request),
    errors: undefined,
    ip: request.visitorIp,
    host: request.headers.host ?? '',
    userAgent: came.userAgent,
    actor: actorOf(room, user.is, administrator.is, request.visitorIp),
    user: user.is,
    administrator: administrator.is,
    account,
    attempt: jar.read('attempt'),
    get browser() {
      return ctx.seal.sign('browser', ownValue); // few pages ask
    },
    device: jar.read('device'),
  };
  return { visit, entry, jar, origin, csrfs, ...turnAway(who, visit, user.was ?? administrator.was, user.actedIn) };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The visitor's address as `guard` sees it. */
    visitorIp: string;
  }
}
