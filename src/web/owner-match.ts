// Where an account's details and its owner's differ: the remark on their pages that leads to copying.

import type { SharedDetail } from '#domain/access/owner-drift.ts';
import { differences } from '#domain/access/owner-drift.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
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

/** The two directions of copying, and what each takes. */
export type CopyWay = 'to-client' | 'to-owner';
export const COPY_PERMISSIONS: Readonly<Record<CopyWay, Permission>> = {
  'to-client': 'Edit Clients Details',
  'to-owner': 'Manage Users',
};

/** What copying does, in a sentence; more of it where the address differs too. */
export function copyWords(frame: Frame, way: CopyWay, which: readonly SharedDetail[]): string {
  return frame.t(which.includes('email') ? `people.match.${way}-text-email` : `people.match.${way}-text`);
}

/** The page of one direction: seen when copying was refused, or by whoever opens its address. */
export function copyStep(visit: Visit, file: ClientFile, way: CopyWay): Html {
  const { frame, errors } = visit;
  const which = file.owner ? differences(file.client, file.owner) : [];
  return clientStep(visit, file, {
    title: frame.t('people.match.title', { name: file.name }),
    back: { href: matchHref(file.client.id), text: frame.t('people.drift.compare') },
    body: card({
      title: frame.t(`people.match.${way}`),
      intro: copyWords(frame, way, which),
      body: form(frame, { errors, tone: 'plain', body: html``, button: frame.t(`people.match.${way}-button`) }),
    }),
  });
}
