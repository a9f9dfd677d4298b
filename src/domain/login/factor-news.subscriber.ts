// Letters that follow from what happens to second factors, in the same transaction.

import { audit } from '#domain/audit/audit.ts';
import { backupCodesMade, backupCodeUsed } from '#domain/credentials/backup-codes.events.ts';
import { factorAdded, factorRemoved } from '#domain/credentials/credentials.events.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { tellBackupCodes, tellFactorSetUp, tellFactorsTakenAway } from '#domain/login/factor-news.ts';
import { holderActor, holdHolder, personOfHolder } from '#domain/login/holder.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** One more. */
export const onFactorAdded: Subscriber<Context> = subscriber(factorAdded, (tx: Context, { holder, factor }) =>
  tellFactorSetUp(tx, holder, factor),
);

/** One less, by the person. Whoever takes away all of somebody else's writes one letter for them (factor-reset.ts). */
export const onFactorRemoved: Subscriber<Context> = subscriber(
  factorRemoved,
  async (tx: Context, { holder, factor, by }) => {
    if (by === 'self') await tellFactorsTakenAway(tx, holder, [factor], by);
  },
);

/** A backup code was used: in the log too, with how many are left. */
export const onBackupCodeUsed: Subscriber<Context> = subscriber(
  backupCodeUsed,
  async (tx: Context, { holder, left }) => {
    const held = await holdHolder(tx, personOfHolder(holder));
    if (!held) return;
    await audit(tx, holderActor(held, ''), {
      event: `${holder.kind === 'user' ? 'user' : 'admin'}.2fa.recovery_used`,
      description: `${held.label} used a backup code; ${left} are left`,
      ...ofHolder(holder),
      details: { left },
    });
    await tellBackupCodes(tx, holder, 'used', left);
  },
);

/** New ones in place of older ones. The first come with the factor, of which a letter tells already. */
export const onBackupCodesMade: Subscriber<Context> = subscriber(
  backupCodesMade,
  async (tx: Context, { holder, left, isFirst }) => {
    if (!isFirst) await tellBackupCodes(tx, holder, 'made', left);
  },
);
