// Whether a post comes from a page of ours in this very browser (ASVS 5.0 V3.5.1).

import type { FastifyRequest } from 'fastify';
import type { SignedInAdministrator, SignedInUser } from '#domain/sessions/signed-in.ts';
import { constantTimeEqual, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { CookieJar } from '#web/cookies.ts';
import type { MadeVisit } from '#web/front/made-visit.ts';

/** The value that ties forms to this browser; made at the first visit. */
export function visitCookie(jar: CookieJar): string {
  const known = jar.read('visit');
  if (known && /^[\w-]{43}$/.test(known)) return known;
  const fresh = randomToken();
  jar.write('visit', fresh);
  return fresh;
}

/**
 * The tokens of forms, tied to this browser and to who is signed in; the first is for the forms of this visit. Each area
 * knows its own side alone, and signs out by a form that the entrance receives: it takes the tokens of either side too.
 */
export function csrfsOf(
  ctx: Context,
  visit: string,
  user: SignedInUser | undefined,
  administrator: SignedInAdministrator | undefined,
): readonly [string, ...string[]] {
  const token = (userId: number | '', administratorId: number | ''): string =>
    ctx.seal.sign('csrf', `${visit}|${userId}|${administratorId}`);
  const whole = token(user?.sessionId ?? '', administrator?.sessionId ?? '');
  if (!user || !administrator) return [whole];
  return [whole, token(user.sessionId, ''), token('', administrator.sessionId)];
}

/**
 * Whether a post comes from a page of ours in this very browser: the browser's own word (Fetch Metadata, Origin), and a
 * token that only our page and this browser's cookie together make. Login forms too: else a stranger could sign a victim
 * in as somebody else (ASVS 5.0 V3.5.1).
 */
export function isOwnPost(request: FastifyRequest, { visit, origin, csrfs }: MadeVisit): boolean {
  if (pageOf(request, origin) === 'foreign') return false;
  return csrfs.some((csrf) => constantTimeEqual(visit.form.text('csrf'), csrf));
}

/**
 * Which page a post comes from, by the browser's own word; older ones say nothing, then the token alone decides. A proxy
 * may give us another Host than the browser knows, so our public origin is as good.
 */
export function pageOf({ headers }: FastifyRequest, publicly: string): 'own' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  const { origin, host } = headers;
  if (origin === undefined || origin === 'null') return 'unknown';
  return origin === publicly || hostOf(origin) === host ? 'own' : 'foreign';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
