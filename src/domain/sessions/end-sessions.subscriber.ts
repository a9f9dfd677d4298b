// What ends sessions at once: a changed password or second factor, a deactivated person (ASVS 5.0 V7.4.2, V7.4.3).

import { administratorDisabled, administratorPasswordChanged } from '#domain/administrators/administrators.events.ts';
import { factorAdded, factorRemoved } from '#domain/credentials/credentials.events.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { endAllSessions } from '#domain/sessions/ending.ts';
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
/** A second factor more ends the sessions that were opened without it, but for the one that set it up. */
export const onFactorAdded: Subscriber<Context> = subscriber(factorAdded, (tx: Context, { holder, keepSessionId }) =>
  endAllSessions(tx, ofHolder(holder), 'factor-changed', keepSessionId),
);
/** One less ends them too: whoever took it away may not be its person. */
export const onFactorRemoved: Subscriber<Context> = subscriber(
  factorRemoved,
  (tx: Context, { holder, keepSessionId }) => endAllSessions(tx, ofHolder(holder), 'factor-changed', keepSessionId),
);
