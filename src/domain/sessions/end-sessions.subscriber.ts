// What ends sessions at once: a changed password, a deactivated person (ASVS 5.0 V7.4.2, V7.4.3).

import { administratorDisabled, administratorPasswordChanged } from '#domain/administrators/administrators.events.ts';
import { endAllSessions } from '#domain/sessions/sessions.ts';
import { userDisabled, userEmailChanged, userPasswordChanged } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** A user's new password ends their sessions, but for the one that changed it. */
export const onUserPassword: Subscriber<Context> = subscriber(
  userPasswordChanged,
  (tx: Context, { userId, keepSessionId }) => endAllSessions(tx, { userId }, 'password-changed', keepSessionId),
);
/** Another address ends them too, but for the one that changed it (behaviours.md, section 15, number 4). */
export const onUserEmail: Subscriber<Context> = subscriber(userEmailChanged, (tx: Context, { userId, keepSessionId }) =>
  endAllSessions(tx, { userId }, 'address-changed', keepSessionId),
);
/** A deactivated user is out. */
export const onUserDisabled: Subscriber<Context> = subscriber(userDisabled, (tx: Context, { userId }) =>
  endAllSessions(tx, { userId }, 'deactivated'),
);
/** An administrator's new password ends their sessions, but for the one that changed it. */
export const onAdministratorPassword: Subscriber<Context> = subscriber(
  administratorPasswordChanged,
  (tx: Context, { administratorId, keepSessionId }) =>
    endAllSessions(tx, { administratorId }, 'password-changed', keepSessionId),
);
/** A disabled administrator is out. */
export const onAdministratorDisabled: Subscriber<Context> = subscriber(
  administratorDisabled,
  (tx: Context, { administratorId }) => endAllSessions(tx, { administratorId }, 'deactivated'),
);
