// Deletes a file of a client.

import type { ClientFileRecord } from '#domain/files/files.ts';
import { fileOf, removeFile } from '#domain/files/files.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { idInPath, shortName } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Clients Files' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(
      picture(visit, file, await fileOf(visit.ctx, file.client.id, idInPath(visit, 'file', 'file-not-found'))),
    );
  },

  post: async (visit) => {
    const { client, href } = await clientFileOf(visit);
    const of = { clientId: client.id, id: idInPath(visit, 'file', 'file-not-found') };
    await removeFile(visit.ctx, visit.actor, of);
    return goTo(`${href}/files`, { tone: 'success', key: 'records.files.removed' });
  },
});

function picture(visit: Visit, file: ClientFile, one: ClientFileRecord): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = { href: `${file.href}/files/${one.id}`, text: one.title };
  return clientStep(visit, file, {
    title: t('records.files.removal.title', { name: one.title }),
    back,
    body: card({
      body: confirmation(frame, {
        losses: [
          t('records.files.removal.loss', { name: one.name }),
          ...(one.adminOnly ? [] : [t('records.files.removal.shared')]),
        ],
        errors,
        button: t('records.files.removal.title', { name: shortName(one.title) }),
        cancel: { href: back.href, text: t('records.cancel') },
      }),
    }),
  });
}
