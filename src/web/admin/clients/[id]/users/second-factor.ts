// Lets the people of a client enter without a second factor again: for an owner who lost theirs and cannot do it any more.

import { liftSecondFactor } from '#domain/access/entry.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },

  get: async (visit) => show(picture(visit, await clientFileOf(visit))),

  post: async (visit) => {
    const file = await clientFileOf(visit);
    await liftSecondFactor(visit.ctx, visit.actor, file.client.id);
    return goTo(usersLink(visit, file).href, { tone: 'success', key: 'access.factor.now-off' });
  },
});

function picture(visit: Visit, file: ClientFile): Html {
  const { frame } = visit;
  const { t } = frame;
  return clientStep(visit, file, {
    title: t('access.factor.admin-link'),
    back: usersLink(visit, file),
    body: card({
      body: confirmation(frame, {
        losses: [t('access.factor.admin-loss')],
        button: t('access.factor.lift-button'),
        cancel: { href: usersLink(visit, file).href, text: t('access.cancel') },
      }),
    }),
  });
}
