// Custom fields on forms and pages: drawn by their kind, read back from what was posted, listed as facts.

import type { CustomField } from '#domain/fields/custom-fields.ts';
import type { Audience, FieldValue, TypedValues } from '#domain/fields/field-values.ts';
import { fieldName, isRequired } from '#domain/fields/field-values.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { checkbox, selectField } from '#web/parts/choice.ts';
import { passwordField, textArea, textField } from '#web/parts/field.ts';
import type { Frame } from '#web/parts/frame.ts';
import { status } from '#web/parts/status.ts';

/** The name of the hidden field that says which fields a form had: a tick that was taken out posts nothing. */
const DRAWN = 'customFields';

/** The fields as inputs. `requiredOf`: whose required ones are marked. `values`: what is filled in so far, of an account that is there already. */
export function customFieldInputs(
  visit: Visit,
  fields: readonly CustomField[],
  requiredOf: Audience,
  values: readonly FieldValue[] = [],
): Html | undefined {
  if (fields.length === 0) return undefined;
  const filledIn = (id: number) => values.find((one) => one.field.id === id);
  return html`${fields.map((field) => input(visit, field, isRequired(field, requiredOf), filledIn(field.id)))}`;
}

/** Stands at the end of every form with such inputs: which fields it has. */
export function drawnFields(fields: readonly CustomField[]): Html | undefined {
  return fields.length === 0 ? undefined : hiddenField(DRAWN, fields.map((field) => field.id).join(','));
}

/** What was typed, of the fields that the form had. Whether somebody may fill them in is the rule's to say. */
export function typedFields(form: Form): TypedValues {
  const ids = form
    .text(DRAWN)
    .slice(0, 2000)
    .split(',')
    .filter((id) => /^[1-9]\d{0,14}$/.test(id))
    .map(Number);
  return new Map(ids.map((id) => [id, form.text(fieldName(id))]));
}

/** A value as people read it. */
export function fieldValueText(frame: Frame, { field, text, isSet }: FieldValue): Html | string | undefined {
  switch (field.type) {
    case 'password':
      return isSet
        ? html`<span aria-hidden="true">••••••••</span><span class="visually-hidden">${frame.t('fields.hidden')}</span>`
        : undefined;
    case 'tick':
      return text === 'on' ? status('good', frame.t('fields.yes')) : status('quiet', frame.t('fields.no'));
    case 'link':
      return text === ''
        ? undefined
        : html`<a class="text-break" href="${text}" rel="noopener noreferrer nofollow">${text}</a>`;
    case 'textarea':
      return text === ''
        ? undefined
        : html`${text.split('\n').map((line) => html`<div class="text-break">${line}</div>`)}`;
    case 'text':
    case 'dropdown':
      return text === '' ? undefined : html`<span class="text-break">${text}</span>`;
  }
}

function input(visit: Visit, field: CustomField, required: boolean, value: FieldValue | undefined): Html {
  const { frame, form, errors } = visit;
  const name = fieldName(field.id);
  const typed = form.given && form.text(DRAWN) !== '' ? form.text(name) : (value?.text ?? '');
  const help = field.description === '' ? undefined : field.description;
  const common = { name, label: field.name, help, errors, required } as const;
  switch (field.type) {
    case 'text':
      return textField(frame, { ...common, value: typed, maxlength: 500, autocomplete: 'off' });
    case 'link':
      return textField(frame, {
        ...common,
        value: typed,
        maxlength: 500,
        type: 'url',
        inputmode: 'url',
        autocomplete: 'off',
        spellcheck: false,
      });
    case 'password': {
      const kept = value?.isSet ? frame.t('fields.password.kept') : undefined;
      return passwordField(frame, {
        ...common,
        help: [help, kept].filter(Boolean).join(' ') || undefined,
        required: required && !value?.isSet,
        autocomplete: 'off',
        maxlength: 500,
      });
    }
    case 'dropdown':
      return selectField(frame, {
        ...common,
        value: typed,
        choose: frame.t('fields.choose'),
        choices: optionsWith(field, typed).map((option) => ({ value: option, text: option })),
      });
    case 'tick':
      return checkbox(frame, { ...common, value: 'on', checked: typed === 'on' });
    case 'textarea':
      return textArea(frame, { ...common, value: typed, maxlength: 5000, rows: 4 });
  }
}

/** What was chosen stays to be seen where it is offered no more. */
function optionsWith(field: CustomField, chosen: string): readonly string[] {
  return chosen === '' || field.options.includes(chosen) ? field.options : [...field.options, chosen];
}
