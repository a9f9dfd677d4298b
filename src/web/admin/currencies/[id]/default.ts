// Makes a currency the default: the rates of all others follow.

import { currencyOf, makeDefaultCurrency } from '#domain/clients/currencies.ts';
import { html } from '#kit/html.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/currencies';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Configure Currencies' },

  get: async (visit) => {
    const { frame } = visit;
    const { t } = frame;
    const { id, code } = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    const href = `${LIST}/${id}`;
    return show(
      adminRoom(frame, {
        title: t('records.currencies.make-default.title', { code }),
        back: { href, text: code },
        body: card({
          body: form(frame, {
            body: html`<p>${t('records.currencies.make-default.rates')} ${t('records.currencies.make-default.new')}</p><p>${t('records.currencies.make-default.kept')}</p>`,
            button: t('records.currencies.make-default'),
            secondary: linkButton({ href, text: t('records.currencies.cancel') }),
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    const { id, code } = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    await makeDefaultCurrency(visit.ctx, visit.actor, id);
    return goTo(LIST, { tone: 'success', key: 'records.currencies.made-default', values: { code } });
  },
});
