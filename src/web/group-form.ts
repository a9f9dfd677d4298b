// The form of a client group, for a new one and for one that is there.

import type { GroupDefinition } from '#domain/clients/groups.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { checkbox } from '#web/parts/choice.ts';
import { numberField, textField } from '#web/parts/field.ts';
import { fieldRow } from '#web/parts/form.ts';

/** The group as typed. */
export function typedGroup(form: Form): GroupDefinition {
  const colour = form.text('colour').trim();
  return {
    name: form.text('name'),
    colour: colour.startsWith('#') ? colour : `#${colour}`,
    discountPercent: form.text('discountPercent').trim() || '0',
    suspendExempt: form.has('suspendExempt'),
    separateInvoices: form.has('separateInvoices'),
  };
}

/** The inputs. */
export function groupFields(visit: Visit, stored: GroupDefinition): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const tick = (name: 'suspendExempt' | 'separateInvoices') =>
    checkbox(frame, {
      name,
      label: t(`fields.group.${name}`),
      help: t(`fields.group.${name}.help`),
      checked: tickOr(form, name, stored[name]),
    });
  return html`${textField(frame, {
    name: 'name',
    label: t('fields.group.name'),
    value: textOr(form, 'name', stored.name),
    errors,
    required: true,
    autocomplete: 'off',
    maxlength: 100,
  })}${fieldRow(
    textField(frame, {
      name: 'colour',
      label: t('fields.group.colour'),
      help: t('fields.group.colour.help'),
      value: textOr(form, 'colour', stored.colour),
      errors,
      required: true,
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 7,
      width: 'short',
    }),
    numberField(frame, {
      name: 'discountPercent',
      label: t('fields.group.discount'),
      help: t('fields.group.discount.help'),
      value: textOr(form, 'discountPercent', stored.discountPercent),
      errors,
      unit: '%',
      decimal: true,
      maxlength: 6,
      width: 'short',
    }),
  )}${tick('suspendExempt')}${tick('separateInvoices')}`;
}
