// The fields in which a person chooses.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import {
  attributesOf,
  errorLine,
  errorOf,
  type FieldOptions,
  fieldId,
  grouped,
  helpLine,
  labelled,
} from './field-frame.ts';
import type { Frame } from './frame.ts';

/** One of several to choose from. */
export type Choice = {
  readonly value: string;
  readonly text: string;
  /** A sentence below it: what choosing it means. */
  readonly help?: string | undefined;
  /** There, but not to be chosen now; say why in `help`. */
  readonly disabled?: boolean | undefined;
};

/** One from a list that opens. `choose` is the empty first line, such as "Choose a country". */
export function selectField(
  frame: Frame,
  options: FieldOptions & {
    readonly value?: string | undefined;
    readonly choices: readonly Choice[];
    readonly choose?: string | undefined;
    readonly autocomplete?: string | undefined;
    readonly width?: 'short' | 'medium' | undefined;
  },
): Html {
  const drawn = attributes({
    class: `form-select${options.width ? ` dw-width-${options.width}` : ''}`,
    ...attributesOf(options),
    autocomplete: options.autocomplete,
  });
  const first = options.choose !== undefined && html`<option value="">${options.choose}</option>`;
  const rest = options.choices.map((choice) => {
    const state = attributes({
      value: choice.value,
      selected: choice.value === options.value,
      disabled: choice.disabled,
    });
    return html`<option${state}>${choice.text}</option>`;
  });
  return labelled(frame, options, html`<select${drawn}>${first}${rest}</select>`);
}

/** A yes or no. Unchecked, it posts nothing; checked, its `value` (`1` unless said otherwise). */
export function checkbox(
  frame: Frame,
  options: FieldOptions & {
    readonly checked?: boolean | undefined;
    readonly value?: string | undefined;
    readonly disabled?: boolean | undefined;
  },
): Html {
  const drawn = attributes({
    class: 'form-check-input',
    type: 'checkbox',
    ...attributesOf(options),
    value: options.value ?? '1',
    checked: options.checked,
    disabled: options.disabled,
  });
  const id = fieldId(options.name, options.scope);
  return html`<div class="dw-field${errorOf(options) && ' dw-field-wrong'}"><div class="form-check"><input${drawn}><label class="form-check-label" for="${id}">${options.label}</label>${helpLine(options)}${errorLine(frame, options)}</div></div>`;
}

/** Any number of several, under one question. They post under one name, once for each that is checked. */
export function checkboxGroup(
  frame: Frame,
  options: FieldOptions & {
    readonly values?: readonly string[] | undefined;
    readonly choices: readonly Choice[];
    /** Two beside each other where there is room; for lists of short words. */
    readonly columns?: boolean | undefined;
  },
): Html {
  const chosen = new Set(options.values);
  return grouped(
    frame,
    options,
    choiceList(options, 'checkbox', (value) => chosen.has(value), options.columns),
  );
}

/** One of a few that can all be seen. */
export function radioGroup(
  frame: Frame,
  options: FieldOptions & { readonly value?: string | undefined; readonly choices: readonly Choice[] },
): Html {
  return grouped(
    frame,
    options,
    choiceList(options, 'radio', (value) => value === options.value),
  );
}

function choiceList(
  options: FieldOptions & { readonly choices: readonly Choice[] },
  type: 'checkbox' | 'radio',
  isChosen: (value: string) => boolean,
  columns?: boolean,
): Html {
  const drawn = options.choices.map((choice, at) => choiceLine(options, choice, type, isChosen(choice.value), at));
  return html`<div class="dw-choices${columns && ' dw-choices-columns'}">${drawn}</div>`;
}

/** The first of a group bears the field's own id, so that the error summary leads to it. */
function choiceLine(
  options: FieldOptions,
  choice: Choice,
  type: 'checkbox' | 'radio',
  checked: boolean,
  at: number,
): Html {
  const base = fieldId(options.name, options.scope);
  const id = at === 0 ? base : `${base}-${at}`;
  const drawn = attributes({
    class: 'form-check-input',
    type,
    id,
    name: options.name,
    value: choice.value,
    checked,
    disabled: choice.disabled,
    required: type === 'radio' && options.required === true,
    'aria-invalid': type === 'radio' || errorOf(options) === undefined ? undefined : 'true',
    'aria-describedby': choice.help ? `${id}-help` : undefined,
  });
  const help = choice.help && html`<p class="form-hint" id="${id}-help">${choice.help}</p>`;
  return html`<div class="form-check"><input${drawn}><label class="form-check-label" for="${id}">${choice.text}</label>${help}</div>`;
}
