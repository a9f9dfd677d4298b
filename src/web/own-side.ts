// What customers and staff do alike with their own sign-in: where its pages are, in which room they are drawn, whose it is.
// A page of one side is a few lines over a picture that both share.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { InSession } from '#domain/login/step-up.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import type { Frame } from '#web/parts/frame.ts';
import type { RoomOptions } from '#web/parts/rooms.ts';
import { adminRoom, clientRoom } from '#web/parts/rooms.ts';
import type { Door } from '#web/sign-in.ts';
import { CUSTOMERS, STAFF } from '#web/sign-in.ts';

/** One of the two sides. */
export type OwnSide = {
  readonly kind: FactorHolder['kind'];
  readonly door: Door;
  /** The overview of one's own sign-in; pages of each factor lie below it. */
  readonly security: string;
  /** Where it is asked again who this is; pages of single factors lie below it. */
  readonly confirmIdentity: string;
  readonly room: (frame: Frame, options: RoomOptions) => Html;
};

/** Customers, of themselves. */
export const OWN_USER: OwnSide = {
  kind: 'user',
  door: CUSTOMERS,
  security: '/user/security',
  confirmIdentity: '/user/confirm-identity',
  room: clientRoom,
};

/** Staff, of themselves. */
export const OWN_STAFF: OwnSide = {
  kind: 'administrator',
  door: STAFF,
  security: '/admin/account/security',
  confirmIdentity: '/admin/confirm-identity',
  room: adminRoom,
};

/** Who is signed in on this side, and by which session. Only for pages that asked for somebody of it. */
export function inSession(visit: Visit, side: OwnSide): InSession {
  const who = side.kind === 'user' ? visit.user : visit.administrator;
  if (!who) throw new Error(`a page of ${side.kind} without one`);
  return { ...who, holder: { kind: side.kind, id: 'userId' in who ? who.userId : who.administratorId } };
}
