// Adds a currency.

import { addCurrency } from '#domain/clients/currencies.ts';
import { currencyFields, typedCurrency } from '#web/currency-form.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/currencies';
const NOTHING = { code: '', prefix: '', suffix: '', format: 1, rate: '', isDefault: false };

/** Fields: code, prefix, suffix, format, rate. */
export default page({
  who: { is: 'staff', permission: 'Configure Currencies' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    return show(
      adminRoom(frame, {
        title: t('records.currencies.add'),
        back: { href: LIST, text: t('records.currencies.title') },
        errors,
        body: card({
          body: form(frame, {
            errors,
            button: t('records.currencies.add.button'),
            secondary: linkButton({ href: LIST, text: t('records.currencies.cancel') }),
            body: currencyFields(visit, NOTHING, false),
          }),
        }),
      }),
    );
  },

  post: async ({ ctx, actor, form: typed }) => {
    const given = typedCurrency(typed);
    await addCurrency(ctx, actor, given);
    return goTo(LIST, {
      tone: 'success',
      key: 'records.currencies.added',
      values: { code: given.code.trim().toUpperCase() },
    });
  },
});
