// Whether somebody's address is confirmed, as staff see it.

import type { User } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import type { Frame } from '#web/parts/frame.ts';
import { status } from '#web/parts/status.ts';

/** A dot and a word. */
export function provenWord(frame: Frame, user: User): Html {
  return user.emailVerifiedAt === undefined
    ? status('quiet', frame.t('registration.proven.no'))
    : status('good', frame.t('registration.proven.yes'));
}
