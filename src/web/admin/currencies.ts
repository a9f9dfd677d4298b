// The currencies that accounts are kept in.

import type { Currency } from '#domain/clients/currencies.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { currencyExample } from '#web/currency-form.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';

const PATH = '/admin/currencies';

export default page({
  who: { is: 'staff', permission: 'Configure Currencies' },
  get: async (visit) => show(picture(visit, await listCurrencies(visit.ctx))),
});

function picture({ frame }: Visit, currencies: readonly Currency[]): Html {
  const { t } = frame;
  return adminRoom(frame, {
    title: t('records.currencies.title'),
    intro: t('records.currencies.intro'),
    actions: linkButton({ href: `${PATH}/new`, text: t('records.currencies.add'), tone: 'primary', icon: 'plus' }),
    wide: true,
    body: card({
      flush: table<Currency>(frame, {
        caption: t('records.currencies.title'),
        rows: currencies,
        empty: empty({ title: t('records.currencies.title'), icon: 'credit-card' }),
        columns: [
          {
            heading: t('records.currencies.code'),
            kind: 'name',
            cell: ({ code, isDefault }) =>
              html`${code}${isDefault && html` ${badge(t('records.currencies.default'))}`}`,
            href: ({ id }) => `${PATH}/${id}`,
          },
          { heading: t('records.currencies.example'), kind: 'short', cell: currencyExample },
          { heading: t('records.currencies.rate'), align: 'end', kind: 'short', cell: ({ rate }) => rate },
        ],
      }),
    }),
  });
}
