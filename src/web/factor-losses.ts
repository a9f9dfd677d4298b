// What somebody loses with their last second factor, in words, before they take it away.

import { accountsOf } from '#domain/access/accounts.ts';
import { requiresSecondFactor } from '#domain/access/entry.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';

/** The sentences. For customers with the accounts that nobody enters without one. */
export async function lossesOfLastFactor(visit: Visit, side: OwnSide): Promise<string[]> {
  const { t } = visit.frame;
  const asking = side.kind === 'user' ? await accountsThatAsk(visit) : [];
  return [
    t('factors.remove.last'),
    t('factors.remove.codes'),
    ...asking.map((account) => t('factors.remove.account', { account })),
  ];
}

async function accountsThatAsk({ ctx, user }: Visit): Promise<string[]> {
  const accounts = user ? await accountsOf(ctx, user.userId) : [];
  const asking = await Promise.all(
    accounts.map(async ({ client }) =>
      (await requiresSecondFactor(ctx, client.id)) ? displayName(client) : undefined,
    ),
  );
  return asking.filter((name) => name !== undefined);
}
