// The form of a custom field, for a new one and for one that is there.

import type { FieldDefinition } from '#domain/fields/custom-fields.ts';
import { FIELD_TYPES, optionsIn } from '#domain/fields/custom-fields.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { checkbox, selectField } from '#web/parts/choice.ts';
import { numberField, textArea, textField } from '#web/parts/field.ts';
import { formSection } from '#web/parts/form.ts';

const FLAGS = ['required', 'onOrderForm', 'onInvoice', 'adminOnly'] as const;

/** The field as typed. Throws invalid when the kind or the place in the order is none. */
export function typedDefinition(form: Form): FieldDefinition {
  const type = FIELD_TYPES.find((one) => one === form.text('type'));
  const position = form.text('position').trim();
  if (type === undefined) throw invalid({ type: 'setting-not-an-option' });
  if (!/^\d{1,6}$/.test(position)) throw invalid({ position: 'setting-number-out-of-range' });
  return {
    name: form.text('name'),
    description: form.text('description'),
    type,
    options: optionsIn(form.text('options')),
    pattern: form.text('pattern').trim(),
    adminOnly: form.has('adminOnly'),
    required: form.has('required'),
    onOrderForm: form.has('onOrderForm'),
    onInvoice: form.has('onInvoice'),
    position: Number(position),
  };
}

/** The inputs. */
export function definitionFields(visit: Visit, stored: FieldDefinition): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const text = (name: 'name' | 'pattern', maxlength: number) =>
    textField(frame, {
      name,
      label: t(`fields.${name}`),
      help: t(`fields.${name}.help`),
      value: textOr(form, name, stored[name]),
      errors,
      required: name === 'name',
      autocomplete: 'off',
      spellcheck: name === 'name',
      maxlength,
    });
  return html`${formSection({
    title: t('fields.section.what'),
    body: html`${text('name', 100)}${textArea(frame, {
      name: 'description',
      label: t('fields.description'),
      help: t('fields.description.help'),
      value: textOr(form, 'description', stored.description),
      errors,
      required: false,
      rows: 2,
      maxlength: 1000,
    })}${selectField(frame, {
      name: 'type',
      label: t('fields.type'),
      help: t('fields.type.help'),
      value: textOr(form, 'type', stored.type),
      errors,
      width: 'medium',
      choices: FIELD_TYPES.map((type) => ({ value: type, text: t(`fields.type.${type}`) })),
    })}${textArea(frame, {
      name: 'options',
      label: t('fields.options'),
      help: t('fields.options.help'),
      value: textOr(form, 'options', stored.options.join('\n')),
      errors,
      rows: 3,
      maxlength: 20_000,
    })}${text('pattern', 500)}`,
  })}${formSection({
    title: t('fields.section.where'),
    body: html`${FLAGS.map((name) =>
      checkbox(frame, {
        name,
        label: t(`fields.flag.${name}`),
        help: t(`fields.flag.${name}.help`),
        errors,
        checked: tickOr(form, name, stored[name]),
      }),
    )}${numberField(frame, {
      name: 'position',
      label: t('fields.position'),
      help: t('fields.position.help'),
      value: textOr(form, 'position', String(stored.position)),
      errors,
      width: 'short',
      maxlength: 6,
    })}`,
  })}`;
}
