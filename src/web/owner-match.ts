// Where an account's details and its owner's differ: the remark on their pages that leads to copying.

import type { SharedDetail } from '#domain/access/owner-drift.ts';
import { differences } from '#domain/access/owner-drift.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { badge } from '#web/parts/status.ts';
import { may } from '#web/staff.ts';

/** The address of the page where the two stand side by side. */
export function matchHref(clientId: number): string {
  return `/admin/clients/${clientId}/owner-match`;
}

/** The remark, where they differ; nothing for an account that is closed or has no owner. */
export function driftRemark(visit: Visit, client: Client, owner: User | undefined): Html | undefined {
  const which = owner && client.status !== 'Closed' ? differences(client, owner) : [];
  if (which.length === 0) return undefined;
  const { t } = visit.frame;
  return remark({
    tone: 'info',
    title: t('people.drift.remark'),
    body: t('people.drift.remark-text', { details: detailWords(visit.frame, which) }),
    action: may(visit, 'View Clients Summary')
      ? linkButton({ href: matchHref(client.id), text: t('people.drift.compare'), small: true })
      : undefined,
  });
}

/** The names of the details, as a list in words. */
export function detailWords(frame: Frame, which: readonly SharedDetail[]): string {
  const words = which.map((one) => frame.t(`people.drift.detail.${one}`));
  return new Intl.ListFormat(frame.language, { type: 'conjunction' }).format(words);
}

/** The mark beside an account in a list of a user's accounts, where the two differ; it leads to copying. */
export function driftMark(visit: Visit, client: Client, owner: User): Html | undefined {
  if (client.status === 'Closed' || differences(client, owner).length === 0) return undefined;
  const word = badge(visit.frame.t('people.drift.badge'), 'warning');
  return may(visit, 'View Clients Summary') ? html`<a href="${matchHref(client.id)}">${word}</a>` : word;
}
