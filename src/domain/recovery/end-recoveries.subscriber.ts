// What ends a recovery by itself: the factor was not lost after all, or the sign-in changed while it waited. And what takes a
// word for somebody back: whoever gave it was deactivated.

import { administratorDisabled } from '#domain/administrators/administrators.events.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { factorAdded, factorRemoved } from '#domain/credentials/credentials.events.ts';
import { isFactorName } from '#domain/credentials/factors.ts';
import { REMEMBERED } from '#domain/devices/remembered.ts';
import { userSignedIn } from '#domain/login/login.events.ts';
import { unapproveRowsBy } from '#domain/recovery/recoveries.table.ts';
import { endRecoveriesOf } from '#domain/recovery/recovery.ts';
import { userDisabled, userEmailChanged, userPasswordChanged } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Whoever shows the factor has it. In a browser that is remembered or trusted it was shown before it was lost. */
export const onSignedIn: Subscriber<Context> = subscriber(userSignedIn, async (tx: Context, { userId, methods }) => {
  if (methods.includes(REMEMBERED) || !methods.some((method) => isFactorName(tx, method))) return;
  await endRecoveriesOf(tx, userId, 'factor-shown');
});
/** A new password is how somebody answers who did not ask for it. */
export const onPassword: Subscriber<Context> = subscriber(userPasswordChanged, (tx: Context, { userId }) =>
  endRecoveriesOf(tx, userId, 'credentials-changed'),
);
/** The same. */
export const onEmail: Subscriber<Context> = subscriber(userEmailChanged, (tx: Context, { userId }) =>
  endRecoveriesOf(tx, userId, 'credentials-changed'),
);
/** The same; and whom they vouched for waits for somebody else to. */
export const onDisabled: Subscriber<Context> = subscriber(userDisabled, async (tx: Context, { userId }) => {
  await endRecoveriesOf(tx, userId, 'credentials-changed');
  await unapproveRowsBy(tx, { userId });
});
/** Whom they vouched for waits for somebody else to. */
export const onStaffDisabled: Subscriber<Context> = subscriber(
  administratorDisabled,
  async (tx: Context, { administratorId }) =>
    unapproveRowsBy(tx, { staff: (await administratorOf(tx, administratorId)).username }),
);
/** Set up or taken away by hand meanwhile. */
export const onFactorAdded: Subscriber<Context> = subscriber(factorAdded, async (tx: Context, { holder }) => {
  if (holder.kind === 'user') await endRecoveriesOf(tx, holder.id, 'credentials-changed');
});
/** The same; what a recovery itself takes away was used before. */
export const onFactorRemoved: Subscriber<Context> = subscriber(factorRemoved, async (tx: Context, { holder }) => {
  if (holder.kind === 'user') await endRecoveriesOf(tx, holder.id, 'credentials-changed');
});
