// Asking somebody who is signed in for the password they have: how often they may be wrong (ASVS 5.0 V6.2.3, V7.5.1).

import { hours } from '#kit/duration.ts';

/** Tries at one's own password, wherever it is asked for. */
export const OWN_PASSWORD_TRIES = { name: 'own-password', most: 10, withinMs: hours(1) };
