// Who lost their second factors and waits for somebody to vouch for them, or for the time after it.

import type { Recovery } from '#domain/recovery/recovery.ts';
import { openRecoveries, recoveryName } from '#domain/recovery/recovery.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { dateTime } from '#web/parts/time.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => show(picture(visit, await openRecoveries(visit.ctx))),
});

function picture(visit: Visit, recoveries: readonly Recovery[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('recovery.staff.title'),
    intro: t('recovery.staff.intro'),
    body: card({
      flush: table(frame, {
        caption: t('recovery.staff.title'),
        rows: recoveries,
        empty: empty({ title: t('recovery.staff.none'), icon: 'check' }),
        columns: [
          {
            heading: t('recovery.staff.person'),
            kind: 'name',
            cell: recoveryName,
            href: (one) => `/admin/recoveries/${one.id}`,
          },
          { heading: t('recovery.staff.asked-at'), kind: 'short', cell: (one) => dateTime(frame, one.askedAt) },
          { heading: t('recovery.staff.state'), kind: 'short', cell: (one) => stateOf(visit, one) },
        ],
      }),
    }),
  });
}

function stateOf({ ctx, frame: { t } }: Visit, { readyAt }: Recovery): Html {
  if (readyAt === undefined) return status('waiting', t('recovery.staff.state.asked'));
  if (ctx.now() < readyAt) return status('info', t('recovery.staff.state.waits'));
  return status('good', t('recovery.staff.state.ready'));
}
