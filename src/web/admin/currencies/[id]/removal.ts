// Takes a currency away that no account is kept in.

import { currencyOf, removeCurrency } from '#domain/clients/currencies.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/currencies';

export default page({
  who: { is: 'staff', permission: 'Configure Currencies' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const { id, code } = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    return show(
      adminRoom(frame, {
        title: t('records.currencies.remove.title', { code }),
        back: { href: `${LIST}/${id}`, text: code },
        errors,
        body: card({
          body: confirmation(frame, {
            losses: [t('records.currencies.remove.loss')],
            button: t('records.currencies.remove'),
            cancel: { href: `${LIST}/${id}`, text: t('records.currencies.cancel') },
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    const { id, code } = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    await removeCurrency(visit.ctx, visit.actor, id);
    return goTo(LIST, { tone: 'success', key: 'records.currencies.removed', values: { code } });
  },
});
