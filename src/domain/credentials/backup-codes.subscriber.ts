// Backup codes stand in for a second factor; with the last one they go, lest old ones open the door of the next.

import { deleteBackupCodes } from '#domain/credentials/backup-codes.table.ts';
import { factorRemoved } from '#domain/credentials/credentials.events.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** A factor was taken away: it is gone by now, since it is told of afterwards. */
export const onFactorRemoved: Subscriber<Context> = subscriber(factorRemoved, async (tx: Context, { holder }) => {
  if (!(await hasSecondFactor(tx, holder))) await deleteBackupCodes(tx, holder);
});
