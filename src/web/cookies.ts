// The cookies, written here and nowhere else. `__Host-` holds them to this very host (ASVS 5.0 V3.3.1, V3.3.3); the plain
// names are for plain http to loopback alone, where browsers refuse the prefix.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NextNotice } from '#web/page.ts';

/**
 * Which cookie. `acting` holds the session of staff in the place of a user, apart from one of their own. `visit` ties forms to a browser before anybody has signed in; `language` is what a stranger chose. `device` is what this browser is known by, `remember` and `admin-remember` by
 * what somebody is signed in again on it.
 */
export type CookieName =
  | 'session'
  | 'acting'
  | 'admin'
  | 'visit'
  | 'notice'
  | 'attempt'
  | 'language'
  | 'device'
  | 'remember'
  | 'admin-remember';

/** The cookies of one request and its answer. */
export type CookieJar = {
  read(name: CookieName): string | undefined;
  /** Sets a cookie until the browser closes; the session itself ends on the server. */
  write(name: CookieName, value: string): void;
  /** Sets one that outlives the browser's window, for at most so long; what it opens ends on the server. */
  keep(name: CookieName, value: string, forMs: number): void;
  clear(name: CookieName): void;
};

/** The name of a cookie on the wire. */
export function cookieName(name: CookieName, secure: boolean): string {
  return secure ? `__Host-doorward-${name}` : `doorward-${name}`;
}

/** The cookies of a request. `secure`: the public address is https. */
export function cookieJar(request: FastifyRequest, reply: FastifyReply, secure: boolean): CookieJar {
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const };
  return {
    read: (name) => request.cookies[cookieName(name, secure)] || undefined,
    write: (name, value) => void reply.setCookie(cookieName(name, secure), value, options),
    keep: (name, value, forMs) =>
      void reply.setCookie(cookieName(name, secure), value, {
        ...options,
        maxAge: Math.max(1, Math.ceil(forMs / 1000)),
      }),
    clear: (name) => void reply.clearCookie(cookieName(name, secure), options),
  };
}

/** The same cookies for whoever only looks (HEAD): read, never changed. */
export function untouched(jar: CookieJar): CookieJar {
  return { read: jar.read, write: () => {}, keep: () => {}, clear: () => {} };
}

/** A notice as a cookie's value. The frame signs it: whoever can set a cookie shall not put words in our mouth. */
export function noticeValue(notice: NextNotice): string {
  return Buffer.from(JSON.stringify(notice)).toString('base64url');
}

/** A notice read back; nonsense is none. */
export function readNotice(value: string): NextNotice | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    const known =
      typeof read === 'object' && read !== null && 'tone' in read && 'key' in read && typeof read.key === 'string';
    return known ? (read as NextNotice) : undefined; // drawn escaped, and only by a key of ours
  } catch {
    return undefined;
  }
}
