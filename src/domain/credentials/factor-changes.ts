// Setting up and taking away a second factor, whatever it is: the line in the log, and what ends by it (other sessions,
// half-done sign-ins). Every factor calls these in the transaction that stores or deletes it.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { factorAdded, factorRemoved } from '#domain/credentials/credentials.events.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { endGrace } from '#domain/credentials/factor-grace.table.ts';
import type { Context } from '#src/context.ts';

/** Tells that a person set up `factor`. `keepSessionId`: their session that did it; all others end (ASVS 5.0 V7.4.3). */
export async function tellFactorAdded(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  factor: string,
  keepSessionId: number | undefined,
): Promise<void> {
  await endGrace(tx, holder);
  await audit(tx, actor, {
    event: eventOf(holder, 'enabled'),
    description: `A second factor was set up: ${factor}`,
    ...whose(holder),
    details: { factor },
  });
  await tx.bus.announce(tx, factorAdded, { holder, factor, keepSessionId });
}

/** Tells that `factor` of a person was taken away, and by whom. `reason` is what staff gave for it. */
export async function tellFactorRemoved(
  tx: Context,
  actor: Actor,
  holder: FactorHolder,
  factor: string,
  how: {
    readonly by: 'self' | 'staff' | 'recovery';
    readonly keepSessionId: number | undefined;
    readonly reason?: string;
  },
): Promise<void> {
  await audit(tx, actor, {
    event: eventOf(holder, how.by === 'self' ? 'disabled' : `disabled_by_${how.by === 'staff' ? 'admin' : 'recovery'}`),
    description: `A second factor was taken away: ${factor}`,
    ...whose(holder),
    details: { factor, ...(how.reason === undefined ? {} : { reason: how.reason }) },
  });
  await tx.bus.announce(tx, factorRemoved, { holder, factor, by: how.by, keepSessionId: how.keepSessionId });
}

function eventOf(holder: FactorHolder, what: string): string {
  return `${holder.kind === 'user' ? 'user' : 'admin'}.2fa.${what}`;
}

function whose(holder: FactorHolder): { userId?: number; administratorId?: number } {
  return holder.kind === 'user' ? { userId: holder.id } : { administratorId: holder.id };
}
