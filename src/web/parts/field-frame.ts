// What stands around every field: the label above, the error and the help below, tied together for screen readers.

import { type Html, html } from '#kit/html.ts';
import type { AttributeValue } from './attributes.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** Field name to the translated sentence that says what is wrong with it. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What every field takes. */
export type FieldOptions = {
  /** The name it posts under; its id is made from it. */
  readonly name: string;
  readonly label: string;
  /** A sentence below: what it is for, or how it should look. */
  readonly help?: string | Html | undefined;
  /** The form's errors; a field takes its own by name. */
  readonly errors?: FieldErrors | undefined;
  /** `true` asks for it, `false` says "(optional)" beside the label, left out says neither. */
  readonly required?: boolean | undefined;
  /** The form's `scope`, when the page has several. */
  readonly scope?: string | undefined;
};

/** The id of a field; what the error summary links to. */
export function fieldId(name: string, scope?: string): string {
  return `${scope ?? 'field'}-${name.replaceAll(/[^\w-]+/g, '-')}`;
}

/** Draws a field with one control: label, control, error, help. */
export function labelled(frame: Frame, options: FieldOptions, control: Html): Html {
  const id = fieldId(options.name, options.scope);
  return html`<div class="dw-field${errorOf(options) && ' dw-field-wrong'}"><label class="form-label" for="${id}">${labelText(frame, options)}</label>${control}${errorLine(frame, options)}${helpLine(options)}</div>`;
}

/** Draws a field with several controls, named by a legend. */
export function grouped(frame: Frame, options: FieldOptions, controls: Html): Html {
  const described = attributesOf(options)['aria-describedby'];
  const by = described && html` aria-describedby="${described}"`;
  return html`<fieldset class="dw-field${errorOf(options) && ' dw-field-wrong'}"${by}><legend class="form-label">${labelText(frame, options)}</legend>${errorLine(frame, options)}${helpLine(options)}${controls}</fieldset>`;
}

/** The attributes that every control has: its id and name, whether it is wrong, and what describes it. */
export function attributesOf(options: FieldOptions): Record<string, AttributeValue> {
  const id = fieldId(options.name, options.scope);
  const wrong = errorOf(options) !== undefined;
  const described = [wrong && `${id}-error`, options.help && `${id}-help`].filter(Boolean).join(' ');
  return {
    id,
    name: options.name,
    required: options.required === true,
    'aria-invalid': wrong ? 'true' : undefined,
    'aria-describedby': described || undefined,
  };
}

/** The sentence about this field, if it is wrong. */
export function errorOf(options: Pick<FieldOptions, 'name' | 'errors'>): string | undefined {
  return options.errors && Object.hasOwn(options.errors, options.name) ? options.errors[options.name] : undefined;
}

/** The error below a control. */
export function errorLine(frame: Frame, options: FieldOptions): Html | undefined {
  const sentence = errorOf(options);
  if (sentence === undefined) return undefined;
  const id = fieldId(options.name, options.scope);
  return html`<p class="dw-error" id="${id}-error">${icon('alert-circle')}<span><span class="visually-hidden">${frame.t('common.form.error')} </span>${sentence}</span></p>`;
}

/** The help below a control. */
export function helpLine(options: FieldOptions): Html | undefined {
  if (!options.help) return undefined;
  return html`<p class="form-hint" id="${fieldId(options.name, options.scope)}-help">${options.help}</p>`;
}

function labelText(frame: Frame, options: FieldOptions): Html {
  const optional =
    options.required === false && html` <span class="dw-optional">${frame.t('common.form.optional')}</span>`;
  return html`${options.label}${optional}`;
}
