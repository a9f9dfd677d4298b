// The credit of a client: the balance and all that changed it, the newest first.

import { pageOfCredits } from '#domain/credit/credit.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { creditTable } from '#web/credit-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { cardGrid, figure, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { may, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Credit Log' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const { t } = visit.frame;
    const entries = await pageOfCredits(visit.ctx, file.client.id, placeInList(visit), ROWS_A_PAGE);
    const balance = visit.frame.formatMoney(file.client.creditMinor, file.currency);
    return show(
      clientTab(visit, file, {
        tab: t('records.credit.title'),
        actions: actions(visit, file),
        body: stack(
          cardGrid(figure({ value: balance, label: t('records.credit.balance') })),
          creditTable(visit, entries, {
            empty: empty({ title: t('records.credit.empty'), text: t('records.credit.empty.text') }),
          }),
        ),
      }),
    );
  },
});

function actions(visit: Visit, { href, client }: ClientFile): Html | undefined {
  if (!may(visit, 'Manage Credits')) return undefined;
  const { t } = visit.frame;
  return buttonRow(
    client.creditMinor > 0
      ? linkButton({ href: `${href}/credit/removal`, text: t('records.credit.remove') })
      : undefined,
    linkButton({ href: `${href}/credit/addition`, text: t('records.credit.add'), tone: 'primary', icon: 'plus' }),
  );
}
