// The way back after signing in. It comes in an address that anybody may write, so it leads inside our own pages only.

import { ownPath } from '#domain/sso/destinations.ts';
import type { Visit } from '#web/page.ts';

/** The way back of a visit: from the form once it was posted, else from the address. */
export function gotoIn(visit: Pick<Visit, 'form' | 'query'>): string {
  return visit.form.given ? visit.form.text('goto') : (visit.query['goto'] ?? '');
}

/** Where a customer goes on to: a path of ours outside of the staff's area, or undefined. */
export function customerPath(goto: string): string | undefined {
  return goto === '' ? undefined : ownPath(goto);
}

/**
 * Where an administrator goes on to: a path below /admin, or undefined. What follows /admin is held to the same rules as a
 * whole path is, so no spelling of it climbs out or names another host; the staff's own sign-in is refused with it.
 */
export function staffPath(goto: string): string | undefined {
  const rest = /^\/admin(\/.*)?$/s.exec(goto);
  const inside = rest && ownPath(rest[1] ?? '/');
  return inside ? `/admin${inside === '/' ? '' : inside}` : undefined;
}

/** An address with the way back, when there is one. */
export function withGoto(path: string, goto: string): string {
  return goto === '' ? path : `${path}?${new URLSearchParams({ goto })}`;
}
