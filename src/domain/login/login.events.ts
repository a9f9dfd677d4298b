// What signing in announces.

import type { Opening } from '#domain/sessions/sessions.ts';
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

/** A user is signed in: a session of theirs was opened. */
export const userSignedIn = defineEvent<{
  userId: number;
  sessionId: number;
  origin: Opening['origin'];
  methods: readonly string[];
}>('user.login.success', ({ userId, sessionId, origin }) => ({ user_id: userId, session_id: sessionId, origin }));
