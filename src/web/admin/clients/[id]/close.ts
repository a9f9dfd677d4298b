// Closes a client: its people can look for a while, and act no more.

import { closeClient } from '#domain/clients/client-status.ts';
import { closedReadableDays } from '#domain/clients/clients.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { conflict } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { shortName } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Close Clients' },
  get: async (visit) => show(await picture(visit, await clientFileOf(visit))),
  post: close,
});

async function close(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  if (file.client.status === 'Closed') throw conflict('client-is-closed');
  await closeClient(visit.ctx, visit.actor, file.client.id);
  return goTo(clientLink(visit, file).href, {
    tone: 'success',
    key: 'admin.client.close.done',
    values: { name: file.name },
  });
}

async function picture(visit: Visit, file: ClientFile): Promise<Html> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const days = await settingOf(ctx, closedReadableDays);
  const cancel = { href: clientLink(visit, file).href, text: t('admin.client.cancel') };
  const title = t('admin.client.close.title', { name: file.name });
  if (file.client.status === 'Closed')
    return clientStep(visit, file, { title, body: remark({ tone: 'info', body: t('errors.client-is-closed') }) });
  return clientStep(visit, file, {
    title,
    body: card({
      body: confirmation(frame, {
        losses: [
          t(days === 0 ? 'admin.client.close.people.at-once' : 'admin.client.close.people', {
            people: file.people.length,
            days,
          }),
          t('admin.client.close.programs'),
        ],
        kept: t('admin.client.close.kept'),
        button: t('admin.client.close.title', { name: shortName(file.name) }),
        cancel,
      }),
    }),
  });
}
