// The form of a currency, for a new one and for one that is there.

import type { Currency, CurrencyDefinition } from '#domain/clients/currencies.ts';
import { CURRENCY_FORMATS } from '#domain/clients/currencies.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { selectField } from '#web/parts/choice.ts';
import { readOnlyField, textField } from '#web/parts/field.ts';
import { fieldRow } from '#web/parts/form.ts';

/** The currency as typed. */
export function typedCurrency(form: Form): CurrencyDefinition {
  return {
    code: form.text('code'),
    prefix: form.text('prefix'),
    suffix: form.text('suffix'),
    format: Number(form.text('format')),
    rate: form.text('rate'),
  };
}

/** How an amount looks in a currency. */
export function currencyExample({ prefix, suffix, format }: Pick<Currency, 'prefix' | 'suffix' | 'format'>): string {
  const written = Object.entries(CURRENCY_FORMATS).find(([number]) => Number(number) === format);
  return `${prefix}${written?.[1] ?? CURRENCY_FORMATS[1]}${suffix}`;
}

/** The inputs. `fixedCode`: accounts are kept in it, so that its code stays; the default's rate is 1 and none to type. */
export function currencyFields(
  visit: Visit,
  stored: CurrencyDefinition & { readonly isDefault: boolean },
  fixedCode: boolean,
): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const short = (name: 'code' | 'prefix' | 'suffix', maxlength: number, required: boolean) =>
    textField(frame, {
      name,
      label: t(`records.currencies.${name}`),
      help: t(`records.currencies.${name}.help`),
      value: textOr(form, name, stored[name]),
      errors,
      required,
      autocomplete: 'off',
      spellcheck: false,
      maxlength,
      width: 'short',
    });
  const code = fixedCode
    ? readOnlyField(frame, {
        label: t('records.currencies.code'),
        value: stored.code,
        why: t('records.currencies.code.fixed'),
      })
    : short('code', 3, true);
  const rate = stored.isDefault
    ? readOnlyField(frame, {
        label: t('records.currencies.rate'),
        value: stored.rate,
        why: t('records.currencies.rate.default'),
      })
    : textField(frame, {
        name: 'rate',
        label: t('records.currencies.rate'),
        help: t('records.currencies.rate.help'),
        value: textOr(form, 'rate', stored.rate),
        errors,
        required: true,
        autocomplete: 'off',
        inputmode: 'decimal',
        maxlength: 16,
        width: 'short',
      });
  return html`${code}${fieldRow(short('prefix', 10, false), short('suffix', 10, false))}${selectField(frame, {
    name: 'format',
    label: t('records.currencies.format'),
    value: textOr(form, 'format', String(stored.format)),
    errors,
    width: 'medium',
    choices: Object.entries(CURRENCY_FORMATS).map(([value, text]) => ({ value, text })),
  })}${rate}${fixedCode && hiddenField('code', stored.code)}${stored.isDefault && hiddenField('rate', '1')}`;
}
