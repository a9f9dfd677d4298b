// Removes a sign-in provider, after saying how many people use it.

import type { Provider } from '#domain/login/federation/providers.ts';
import { peopleOfProviders, providerOf, removeProvider } from '#domain/login/federation/providers.ts';
import type { Html } from '#kit/html.ts';
import { PROVIDER_STAFF, PROVIDERS } from '#web/federation-providers.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: PROVIDER_STAFF,
  stepUp: true,
  get: async (visit) => {
    const provider = await providerOf(visit.ctx, idInPath(visit, 'id', 'provider-not-found'));
    return show(picture(visit, provider, (await peopleOfProviders(visit.ctx)).get(provider.id) ?? 0));
  },
  post: async (visit): Promise<Answer> => {
    await removeProvider(visit.ctx, visit.actor, idInPath(visit, 'id', 'provider-not-found'));
    return goTo(PROVIDERS, { tone: 'success', key: 'federation.providers.removed' });
  },
});

function picture({ frame }: Visit, { id, name }: Provider, count: number): Html {
  const { t } = frame;
  const here = `${PROVIDERS}/${id}`;
  return adminRoom(frame, {
    title: t('federation.providers.remove.title', { name }),
    back: { href: here, text: name },
    body: card({
      body: confirmation(frame, {
        losses: [t('federation.providers.remove.loss', { count }), t('federation.providers.remove.loss.link')],
        kept: t('federation.providers.remove.kept'),
        button: t('federation.providers.remove'),
        cancel: { href: here, text: t('federation.providers.cancel') },
      }),
    }),
  });
}
