// What signing in announces.

import type { Opening } from '#domain/sessions/opening.ts';
import { defineEvent } from '#kit/events.ts';

/**
 * A user has proved who they are and their session is about to be opened. Whoever hears may refuse by throwing: then none is.
 * `answers`: the token of the link in a letter that they followed on the way.
 */
export const userSigningIn = defineEvent<{
  userId: number;
  origin: Opening['origin'];
  answers: string | undefined;
}>('user.signing-in');

/** A module of the operator vouched for somebody at their first sign-in, and they are a user now. */
export const userVouchedFor = defineEvent<{ userId: number; module: string }>(
  'user.vouched_for',
  ({ userId, module }) => ({ user_id: userId, module }),
);

/** A user is signed in: a session of theirs was opened. */
export const userSignedIn = defineEvent<{
  userId: number;
  sessionId: number;
  origin: Opening['origin'];
  methods: readonly string[];
}>('user.login.success', ({ userId, sessionId, origin }) => ({ user_id: userId, session_id: sessionId, origin }));

/** A member of staff is (behaviours.md 4.5: `AdminLogin`). */
export const administratorSignedIn = defineEvent<{
  administratorId: number;
  sessionId: number;
  origin: Opening['origin'];
}>('admin.login.success', ({ administratorId, sessionId, origin }) => ({
  administrator_id: administratorId,
  session_id: sessionId,
  origin,
}));
