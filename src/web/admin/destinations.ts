// Where single sign-on may lead: each of WHMCS's destinations, with a page of ours or the address that the operator entered.

import type { SetDestination } from '#domain/sso/destinations.ts';
import { setDestinations } from '#domain/sso/destinations.ts';
import type { Html } from '#kit/html.ts';
import { destinationHref, destinationStatus } from '#web/destination-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { nothing } from '#web/parts/time.ts';

export default page({
  who: { is: 'staff', permission: 'Configure General Settings' },
  get: async (visit) => show(picture(visit, await setDestinations(visit.ctx))),
});

function picture(visit: Visit, destinations: readonly SetDestination[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.destinations.title'),
    intro: t('admin.destinations.intro'),
    wide: true,
    body: card({
      flush: table<SetDestination>(frame, {
        caption: t('admin.destinations.title'),
        rows: destinations,
        empty: empty({ title: t('admin.destinations.empty') }),
        columns: [
          {
            heading: t('admin.destinations.name'),
            kind: 'name',
            cell: (one) => one.name,
            href: destinationHref,
          },
          { heading: t('admin.destinations.state'), kind: 'short', cell: (one) => destinationStatus(visit, one) },
          { heading: t('admin.destinations.address'), cell: (one) => one.entered ?? nothing(frame) },
        ],
      }),
    }),
  });
}
