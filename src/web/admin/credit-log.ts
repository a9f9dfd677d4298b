// The credit log of all clients, also of those that were deleted: money is not forgotten with the person. Query: client.

import { pageOfCredits } from '#domain/credit/credit.ts';
import { creditTable } from '#web/credit-parts.ts';
import { page, show } from '#web/page.ts';
import { stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { placeInList, ROWS_A_PAGE, wholeNumber } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Credit Log' },
  get: async (visit) => {
    const { frame, query } = visit;
    const { t } = frame;
    const typed = (query['client'] ?? '').trim();
    const clientId = wholeNumber(typed.replace(/^#/, ''));
    // What is no number is nobody's: an empty list, rather than everybody's.
    const entries = await pageOfCredits(
      visit.ctx,
      typed === '' ? undefined : (clientId ?? 0),
      placeInList(visit),
      ROWS_A_PAGE,
    );
    return show(
      adminRoom(frame, {
        title: t('records.credit.log'),
        intro: t('records.credit.log.text'),
        wide: true,
        body: stack(
          filterBar(frame, {
            search: { name: 'client', label: t('records.credit.log.client'), value: typed },
            ...(typed === '' ? {} : { clear: visit.path }),
          }),
          creditTable(visit, entries, {
            empty: empty({ title: t('records.credit.empty'), text: t('records.credit.log.empty') }),
            withClient: true,
            kept: typed === '' ? {} : { client: typed },
          }),
        ),
      }),
    );
  },
});
