// What a sign-in under way says of itself: whose it is, and what was shown so far.

import type { AttemptRow } from '#domain/login/attempts.table.ts';
import type { Shown } from '#domain/login/steps.ts';
import type { Person } from '#domain/sessions/proof.ts';

/** Whose it is. */
export function personOfAttempt(row: AttemptRow): Person {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id };
  if (row.administrator_id !== null) return { kind: 'administrator', administratorId: row.administrator_id };
  throw new Error('a login attempt of nobody');
}

/** What was shown so far, from `ip` now; and `more`, where a step just added a method. */
export function shownInAttempt(row: AttemptRow, ip: string, more?: string): Shown & { readonly trust: boolean } {
  const methods = row.methods.split(',');
  return {
    methods: more === undefined ? methods : [...methods, more],
    ip,
    remember: row.remember === 1,
    trust: row.trust === 1,
  };
}
