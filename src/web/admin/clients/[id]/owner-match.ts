// The details of a client and of its owner side by side, and copying either to the other.

import type { SharedDetail } from '#domain/access/owner-drift.ts';
import { copyClientToOwner, copyOwnerToClient, differences, SHARED_DETAILS } from '#domain/access/owner-drift.ts';
import type { User } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { card, cardGrid, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { may, requirePermission } from '#web/staff.ts';

/** Fields: copy, `to-client` (needs Edit Clients Details) or `to-owner` (needs Manage Users). */
export default page({
  who: { is: 'staff', permission: 'View Clients Summary' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
  post: copy,
});

async function copy(visit: Visit): Promise<Answer> {
  const { ctx, actor } = visit;
  const { client, href } = await clientFileOf(visit);
  switch (visit.form.text('copy')) {
    case 'to-client':
      requirePermission(visit, 'Edit Clients Details');
      await copyOwnerToClient(ctx, actor, client.id);
      return goTo(`${href}/owner-match`, { tone: 'success', key: 'people.match.client-copied' });
    case 'to-owner':
      requirePermission(visit, 'Manage Users');
      await atField(copyClientToOwner(ctx, actor, client.id), { 'email-taken': 'form' });
      return goTo(`${href}/owner-match`, { tone: 'success', key: 'people.match.owner-copied' });
    default:
      throw invalid({ form: 'invalid' });
  }
}

function picture(visit: Visit, file: ClientFile): Html {
  const { t } = visit.frame;
  const { client, owner } = file;
  return clientStep(visit, file, {
    title: t('people.match.title', { name: file.name }),
    intro: t('people.match.intro'),
    body: owner
      ? sideBySide(visit, file, owner, differences(client, owner))
      : card({ flush: empty({ icon: 'user', title: t('people.match.no-owner') }) }),
  });
}

function sideBySide(visit: Visit, file: ClientFile, owner: User, which: readonly SharedDetail[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return stack(
    which.length === 0 && remark({ tone: 'success', body: t('people.match.alike') }),
    card({
      flush: table<SharedDetail>(frame, {
        caption: t('people.match.caption'),
        rows: SHARED_DETAILS,
        empty: html``,
        columns: [
          { heading: t('people.match.detail'), kind: 'name', cell: (one) => t(`people.match.field.${one}`) },
          { heading: t('people.match.client'), kind: 'text', cell: (one) => file.client[one] },
          { heading: t('people.match.owner'), kind: 'text', cell: (one) => owner[one] },
          {
            heading: t('people.match.state'),
            kind: 'short',
            cell: (one) =>
              which.includes(one)
                ? status('waiting', t('people.match.differs'))
                : status('good', t('people.match.same')),
          },
        ],
      }),
    }),
    which.length > 0 && copies(visit, which),
  );
}

function copies(visit: Visit, which: readonly SharedDetail[]): Html {
  const { t } = visit.frame;
  const moved = which.includes('email');
  return cardGrid(
    card({
      title: t('people.match.to-client'),
      intro: moved ? t('people.match.to-client-text-email') : t('people.match.to-client-text'),
      body: copyForm(visit, 'to-client', may(visit, 'Edit Clients Details'), 'Edit Clients Details'),
    }),
    card({
      title: t('people.match.to-owner'),
      intro: moved ? t('people.match.to-owner-text-email') : t('people.match.to-owner-text'),
      body: copyForm(visit, 'to-owner', may(visit, 'Manage Users'), 'Manage Users'),
    }),
  );
}

function copyForm(visit: Visit, which: 'to-client' | 'to-owner', allowed: boolean, permission: string): Html {
  const { frame, form: typed } = visit;
  const { t } = frame;
  if (!allowed) return html`<p class="text-secondary m-0">${t('people.match.not-allowed', { permission })}</p>`;
  return form(frame, {
    scope: which,
    errors: typed.text('copy') === which ? visit.errors : undefined,
    tone: 'plain',
    body: hiddenField('copy', which),
    button: t(`people.match.${which}-button`),
  });
}
