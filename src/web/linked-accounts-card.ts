// The accounts elsewhere with which a user may sign in, as staff see them.

import type { LinkedAccount } from '#domain/login/federation/linked-accounts.ts';
import { isOffered } from '#domain/login/federation/providers.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { status } from '#web/parts/status.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';

/** Left out where nothing is linked. Whoever may help people with signing in may take one away. */
export function linkedAccountsCard(
  visit: Visit,
  { href }: UserFile,
  linked: readonly LinkedAccount[],
): Html | undefined {
  if (linked.length === 0) return undefined;
  const { frame } = visit;
  const { t } = frame;
  const unlink: Column<LinkedAccount> = {
    heading: t('federation.accounts.unlink'),
    kind: 'actions',
    cell: (one) =>
      linkButton({
        href: `${href}/linked-accounts/${one.id}/removal`,
        text: t('federation.accounts.unlink'),
        about: t('federation.accounts.unlink.about', { provider: one.provider?.name ?? '', account: one.email }),
        small: true,
        tone: 'danger',
      }),
  };
  return card({
    title: t('federation.accounts.title'),
    flush: table<LinkedAccount>(frame, {
      caption: t('federation.accounts.title'),
      rows: linked,
      empty: empty({ title: t('federation.accounts.empty') }),
      columns: [
        { heading: t('federation.accounts.provider'), kind: 'name', cell: (one) => providerName(visit, one) },
        { heading: t('federation.accounts.account'), kind: 'text', cell: (one) => one.email || undefined },
        { heading: t('federation.accounts.linked-at'), kind: 'short', cell: (one) => date(frame, one.linkedAt) },
        {
          heading: t('federation.accounts.last-used'),
          kind: 'short',
          cell: (one) => ago(frame, one.lastUsedAt, t('federation.accounts.never-used')),
        },
        ...(may(visit, 'Reset User Credentials') ? [unlink] : []),
      ],
    }),
  });
}

function providerName({ frame }: Visit, { provider }: LinkedAccount): Html | string {
  if (!provider) return frame.t('federation.accounts.removed-provider');
  if (isOffered(provider, 'user')) return provider.name;
  return html`${provider.name} ${status('quiet', frame.t('federation.accounts.off'))}`;
}
