// The page before a dangerous act: what will be lost, in numbers, and the two ways out.

import { type Html, html } from '#kit/html.ts';
import { linkButton } from './button.ts';
import { textField } from './field.ts';
import { type FieldErrors, form } from './form.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

export type ConfirmationOptions = {
  /** What will be lost or ended, a sentence each, with numbers: "3 users lose access." */
  readonly losses: readonly string[];
  /** What stays, or how to get it back; calms where it is true. */
  readonly kept?: string | Html | undefined;
  /** The act: "Delete Acme Ltd". */
  readonly button: string;
  readonly cancel: { readonly href: string; readonly text: string };
  readonly action?: string | undefined;
  readonly errors?: FieldErrors | undefined;
  /** Where nothing can be undone: the name the person types to show that they mean it. It posts as `confirm`. */
  readonly typeName?: string | undefined;
  /** More fields, such as the own password. */
  readonly fields?: Html | undefined;
};

/** Asks once more. Whether `confirm` is the name is the server's to check. */
export function confirmation(frame: Frame, options: ConfirmationOptions): Html {
  const losses = html`<ul class="dw-losses">${options.losses.map((loss) => html`<li>${icon('x')}<span>${loss}</span></li>`)}</ul>`;
  const kept = options.kept && html`<p>${options.kept}</p>`;
  return form(frame, {
    action: options.action,
    errors: options.errors,
    body: html`${losses}${kept}${options.typeName && nameField(frame, options.typeName, options.errors)}${options.fields}`,
    button: options.button,
    tone: 'danger',
    secondary: linkButton({ href: options.cancel.href, text: options.cancel.text }),
  });
}

function nameField(frame: Frame, name: string, errors: FieldErrors | undefined): Html {
  return textField(frame, {
    name: 'confirm',
    label: frame.t('common.confirm.type', { name }),
    errors,
    required: true,
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 300,
  });
}
