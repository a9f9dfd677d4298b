// A currency, changed; making it the default, and the way to take it away.

import type { Currency } from '#domain/clients/currencies.ts';
import { changeCurrency, currencyOf, isCurrencyUsed } from '#domain/clients/currencies.ts';
import type { Html } from '#kit/html.ts';
import { currencyFields, typedCurrency } from '#web/currency-form.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/currencies';

/** Fields: as of a new one. */
export default page({
  who: { is: 'staff', permission: 'Configure Currencies' },
  get: async (visit) => {
    const currency = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    return show(picture(visit, currency, await isCurrencyUsed(visit.ctx, currency.id)));
  },
  post: async (visit) => {
    const { code } = await currencyOf(visit.ctx, idInPath(visit, 'id', 'currency-not-found'));
    await changeCurrency(
      visit.ctx,
      visit.actor,
      idInPath(visit, 'id', 'currency-not-found'),
      typedCurrency(visit.form),
    );
    return goTo(LIST, { tone: 'success', key: 'records.currencies.changed', values: { code } });
  },
});

function picture(visit: Visit, currency: Currency, used: boolean): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: currency.code,
    back: { href: LIST, text: t('records.currencies.title') },
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('records.currencies.save'),
          secondary: linkButton({ href: LIST, text: t('records.currencies.cancel') }),
          body: currencyFields(visit, currency, used),
        }),
      }),
      !currency.isDefault &&
        card({
          title: t('records.currencies.make-default'),
          intro: t('records.currencies.make-default.text'),
          body: linkButton({ href: `${LIST}/${currency.id}/default`, text: t('records.currencies.make-default') }),
        }),
      removalCard(visit, currency, used),
    ),
  });
}

function removalCard({ frame }: Visit, { id, isDefault }: Currency, used: boolean): Html {
  const { t } = frame;
  const title = t('records.currencies.remove');
  if (isDefault || used)
    return card({
      title,
      intro: t(isDefault ? 'errors.currency-is-default' : 'errors.currency-in-use'),
      tone: 'danger',
    });
  return card({
    title,
    intro: t('records.currencies.remove.text'),
    tone: 'danger',
    body: linkButton({ href: `${LIST}/${id}/removal`, text: title, icon: 'trash' }),
  });
}
