// Who is signed in by the cookies of a request, and what an answer changes about these.

import type { FastifyRequest } from 'fastify';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { forgetByCookie } from '#domain/devices/remembered.ts';
import { placeActedIn } from '#domain/login/acting.ts';
import type { Side } from '#domain/login/holder.ts';
import { restoreRemembered } from '#domain/login/remembered.ts';
import { renewToken } from '#domain/sessions/opening.ts';
import type { Checked, SignedInAdministrator, SignedInUser } from '#domain/sessions/signed-in.ts';
import { checkActingSession, checkAdministratorSession, checkUserSession } from '#domain/sessions/signed-in.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { CookieJar, CookieName } from '#web/cookies.ts';
import type { Room } from '#web/front/found-pages.ts';
import type { SessionChange } from '#web/page.ts';

/** `actedIn`: where to go back to for staff whose time in the place of a user is over. */
type Signed<Who> = { readonly is: Who | undefined; readonly was: string | undefined; readonly actedIn?: string };

/** Nobody, and nothing that ended. */
export const NOBODY: Signed<never> = { is: undefined, was: undefined };

/**
 * Who is in the client area: staff in the place of a user before whoever is signed in there themselves. When that time is
 * over this one request is nobody's: what was meant in one place is not done in another.
 */
export async function inClientArea(ctx: Context, jar: CookieJar, came: Came): Promise<Signed<SignedInUser>> {
  const token = jar.read('acting');
  if (!token) return signedInUser(ctx, jar, came);
  const checked = await checkActingSession(ctx, token, came.ip);
  if ('who' in checked) return { is: checked.who, was: undefined };
  jar.clear('acting');
  const place = checked.sessionId === undefined ? undefined : await placeActedIn(ctx, checked.sessionId);
  if (!place) return signedInUser(ctx, jar, came);
  const actedIn = place.clientId === undefined ? `/admin/users/${place.userId}` : `/admin/clients/${place.clientId}`;
  return { is: undefined, was: checked.ended, actedIn };
}

/** The customer of these cookies; one who is remembered is signed in again, where this visit may. */
export async function signedInUser(ctx: Context, jar: CookieJar, came: Came): Promise<Signed<SignedInUser>> {
  return signedIn(ctx, jar, 'user', came, (token) => checkUserSession(ctx, token, came.ip));
}

/** The same for staff. */
export async function signedInAdministrator(
  ctx: Context,
  jar: CookieJar,
  came: Came,
): Promise<Signed<SignedInAdministrator>> {
  return signedIn(ctx, jar, 'administrator', came, (token) => checkAdministratorSession(ctx, token, came.ip));
}

/** Where a request comes from, and whether somebody remembered may be signed in again by it. */
export type Came = { readonly ip: string; readonly userAgent: string; readonly mayRestore: boolean };

/** What the browser calls itself. */
export function userAgentOf({ headers }: FastifyRequest): string {
  return String(headers['user-agent'] ?? '');
}

/**
 * Whether a person opens a page: no post, which would be done by a session that its form was not drawn for; nothing fetched
 * ahead, and no picture or frame.
 */
export function isPersonalVisit(request: FastifyRequest): boolean {
  return (
    request.method === 'GET' && !looksAhead(request) && (request.headers['sec-fetch-dest'] ?? 'document') === 'document'
  );
}

async function signedIn<Who>(
  ctx: Context,
  jar: CookieJar,
  side: Side,
  came: Came,
  check: (token: string) => Promise<Checked<Who>>,
): Promise<Signed<Who>> {
  const token = jar.read(sideCookie(side));
  const checked = token ? await check(token) : undefined;
  if (checked && 'who' in checked) return { is: checked.who, was: undefined };
  const mayRestore = came.mayRestore && RAN_OUT.has(checked?.ended);
  const again = mayRestore ? await signedInAgain(ctx, jar, side, came) : 'not-remembered';
  const checkedAgain = typeof again === 'string' ? undefined : await check(again.token);
  if (typeof again !== 'string' && checkedAgain && 'who' in checkedAgain) {
    jar.write(sideCookie(side), again.token);
    return { is: checkedAgain.who, was: undefined };
  }
  if (token) jar.clear(sideCookie(side));
  return { is: undefined, was: again === 'stolen' ? 'remember-stolen' : checked?.ended };
}

/** Signs whoever is remembered in this browser in again, and keeps the cookie for the next time. */
async function signedInAgain(
  ctx: Context,
  jar: CookieJar,
  side: Side,
  came: Came,
): Promise<{ readonly token: string } | 'stolen' | 'not-remembered'> {
  const cookie = jar.read(rememberCookie(side));
  if (!cookie) return 'not-remembered';
  const restored = await restoreRemembered(ctx, side, cookie, came);
  switch (restored.at) {
    case 'restored':
      jar.keep(rememberCookie(side), restored.cookie.value, restored.cookie.expiresAt - ctx.now());
      return restored;
    case 'elsewhere':
      return 'not-remembered';
    case 'stolen':
    case 'over':
      jar.clear(rememberCookie(side));
      return restored.at === 'stolen' ? 'stolen' : 'not-remembered';
  }
}

/** How a session ends while its person is remembered still. What somebody ended stays ended. */
const RAN_OUT: ReadonlySet<string | undefined> = new Set([undefined, 'unknown', 'idle', 'too-old']);

/** Who acts in this room, for rules and the log. */
export function actorOf(
  room: Room,
  user: SignedInUser | undefined,
  administrator: SignedInAdministrator | undefined,
  ip: string,
): Actor {
  if (room === 'admin' && administrator) {
    return { kind: 'administrator', administratorId: administrator.administratorId, name: administrator.username, ip };
  }
  if (room !== 'admin' && user)
    return { kind: 'user', userId: user.userId, name: user.email, ip, ...(user.acting ? { acting: user.acting } : {}) };
  return strangerActor(ip);
}

/** Writes the cookies of what an answer changes: signed in, out, renewed, a sign-in under way. */
export async function changeSession(ctx: Context, jar: CookieJar, change: SessionChange): Promise<void> {
  if ('attempt' in change) return jar.write('attempt', change.attempt);
  if ('attemptOver' in change) return jar.clear('attempt');
  if ('acting' in change) return jar.write('acting', change.acting.token);
  if ('actingOver' in change) return jar.clear('acting');
  // Whoever signs in or out by themselves is in nobody's place any more; of staff the session itself ends with theirs.
  if (('opened' in change || 'closed' in change) && jar.read('acting')) jar.clear('acting');
  if ('closed' in change) {
    await forgetHere(ctx, jar, change.closed, 'signed-out');
    return jar.clear(sideCookie(change.closed));
  }
  if ('renewed' in change) {
    const cookie = sideCookie(change.renewed);
    const fresh = await renewToken(ctx, jar.read(cookie) ?? '');
    return fresh === undefined ? jar.clear(cookie) : jar.write(cookie, fresh);
  }
  if (jar.read('attempt')) jar.clear('attempt');
  const { person, token, device, remembered } = change.opened;
  await forgetHere(ctx, jar, person.kind, 'replaced');
  jar.write(sideCookie(person.kind), token);
  if (device !== undefined) jar.keep('device', device, DEVICE_KEPT_MS);
  if (remembered) jar.keep(rememberCookie(person.kind), remembered.value, remembered.expiresAt - ctx.now());
}

/** The longest that browsers keep a cookie. */
const DEVICE_KEPT_MS = days(400);

/** Whoever was remembered in this browser is so no more. */
async function forgetHere(ctx: Context, jar: CookieJar, side: Side, reason: string): Promise<void> {
  const cookie = jar.read(rememberCookie(side));
  if (!cookie) return;
  await forgetByCookie(ctx, cookie, reason);
  jar.clear(rememberCookie(side));
}

function rememberCookie(side: Side): CookieName {
  return side === 'user' ? 'remember' : 'admin-remember';
}

function sideCookie(side: 'user' | 'administrator'): CookieName {
  return side === 'user' ? 'session' : 'admin';
}

/** Whether a browser or a program asks ahead of a visit, or instead of one (Sec-Purpose; the older names of the same). */
export function looksAhead({ method, headers }: FastifyRequest): boolean {
  const purposes = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']];
  return method === 'HEAD' || purposes.some((one) => /prefetch|prerender|preview/i.test(String(one ?? '')));
}
