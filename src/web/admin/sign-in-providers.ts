// The list of sites with whose accounts people can sign in here.

import type { Provider } from '#domain/login/federation/providers.ts';
import { listProviders, peopleOfProviders } from '#domain/login/federation/providers.ts';
import type { Html } from '#kit/html.ts';
import { PROVIDER_STAFF, PROVIDERS, providerStatus } from '#web/federation-providers.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';

export default page({
  who: PROVIDER_STAFF,
  get: async (visit) => {
    const [rows, people] = await Promise.all([listProviders(visit.ctx), peopleOfProviders(visit.ctx)]);
    return show(picture(visit, rows, people));
  },
});

function picture({ frame }: Visit, rows: readonly Provider[], people: ReadonlyMap<number, number>): Html {
  const { t } = frame;
  const add = linkButton({
    href: `${PROVIDERS}/new`,
    text: t('federation.providers.add'),
    tone: 'primary',
    icon: 'plus',
  });
  const doors = (one: Provider) =>
    [
      one.forUsers ? t('federation.providers.for-users') : undefined,
      one.forAdministrators ? t('federation.providers.for-administrators') : undefined,
    ]
      .filter((word) => word !== undefined)
      .join(', ');
  return adminRoom(frame, {
    title: t('federation.providers.title'),
    intro: t('federation.providers.intro'),
    actions: rows.length > 0 ? add : undefined,
    wide: true,
    body: card({
      flush: table<Provider>(frame, {
        caption: t('federation.providers.title'),
        rows,
        empty: empty({
          title: t('federation.providers.empty'),
          text: t('federation.providers.empty.text'),
          icon: 'login-2',
          action: add,
        }),
        columns: [
          {
            heading: t('federation.providers.name'),
            kind: 'name',
            cell: (one) => one.name,
            href: (one) => `${PROVIDERS}/${one.id}`,
          },
          { heading: t('federation.providers.issuer'), kind: 'text', wideOnly: true, cell: (one) => one.issuer },
          { heading: t('federation.providers.doors'), cell: (one) => doors(one) || undefined },
          {
            heading: t('federation.providers.people.heading'),
            kind: 'short',
            cell: (one) => t('federation.providers.people', { count: people.get(one.id) ?? 0 }),
          },
          {
            heading: t('federation.providers.state'),
            kind: 'short',
            cell: (one) => providerStatus(frame, one),
          },
        ],
      }),
    }),
  });
}
