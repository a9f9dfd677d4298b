// A changed password or address, or a deactivated person, ends what is under way: half-done sign-ins, links in letters.

import {
  administratorDisabled,
  administratorEmailChanged,
  administratorPasswordChanged,
} from '#domain/administrators/administrators.events.ts';
import { factorAdded, factorRemoved } from '#domain/credentials/credentials.events.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { endAttemptsOf } from '#domain/login/attempts.table.ts';
import { endPasswordLinksOf } from '#domain/login/password-links.table.ts';
import { LINK_LETTERS } from '#domain/login/password-links.ts';
import { withdrawLetters } from '#domain/mail/outbox.ts';
import { userDisabled, userEmailChanged, userPasswordChanged } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

async function endPending(tx: Context, of: { userId: number } | { administratorId: number }): Promise<void> {
  await endAttemptsOf(tx, of);
  await endPasswordLinksOf(tx, of);
  for (const kind of LINK_LETTERS) await withdrawLetters(tx, kind, of); // their links would open nothing
}

/** A sign-in that was begun before a factor was set up or taken away starts anew. */
export const onFactorAdded: Subscriber<Context> = subscriber(factorAdded, (tx: Context, { holder }) =>
  endAttemptsOf(tx, ofHolder(holder)),
);
/** The same. */
export const onFactorRemoved: Subscriber<Context> = subscriber(factorRemoved, (tx: Context, { holder }) =>
  endAttemptsOf(tx, ofHolder(holder)),
);

/** After a new password no older link opens anything. */
export const onUserPassword: Subscriber<Context> = subscriber(userPasswordChanged, (tx: Context, { userId }) =>
  endPending(tx, { userId }),
);
/** A deactivated user cannot finish what they began. */
export const onUserDisabled: Subscriber<Context> = subscriber(userDisabled, (tx: Context, { userId }) =>
  endPending(tx, { userId }),
);
/** A link that went to the old address must not open the door of the new one. */
export const onUserEmail: Subscriber<Context> = subscriber(userEmailChanged, (tx: Context, { userId }) =>
  endPending(tx, { userId }),
);
/** The same for staff. */
export const onAdministratorPassword: Subscriber<Context> = subscriber(
  administratorPasswordChanged,
  (tx: Context, { administratorId }) => endPending(tx, { administratorId }),
);
/** The same for staff. */
export const onAdministratorDisabled: Subscriber<Context> = subscriber(
  administratorDisabled,
  (tx: Context, { administratorId }) => endPending(tx, { administratorId }),
);
/** The same for staff. */
export const onAdministratorEmail: Subscriber<Context> = subscriber(
  administratorEmailChanged,
  (tx: Context, { administratorId }) => endPending(tx, { administratorId }),
);
