// A form: its hidden proof, what was wrong with it, its fields, and the button that says the act.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import { buttonClass, csrfField, isClosedToPosts } from './button.ts';
import { type FieldErrors, fieldId } from './field-frame.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

export type { FieldErrors } from './field-frame.ts';

export type FormOptions = {
  /** Where it goes; left out, to the address of the page itself. */
  readonly action?: string | undefined;
  /** `post` unless said otherwise. Only what changes nothing may be `get`. */
  readonly method?: 'post' | 'get' | undefined;
  /** Field name to translated sentence. The name `form` is for what no single field can help. */
  readonly errors?: FieldErrors | undefined;
  /** The fields. */
  readonly body: Html;
  /** What happens on pressing it: "Invite Ben", never "Submit". */
  readonly button: string;
  readonly tone?: 'primary' | 'danger' | 'plain' | undefined;
  /** What stands beside the button: the way out. */
  readonly secondary?: Html | undefined;
  /** For a form longer than the window: its button stays in sight. */
  readonly isLong?: boolean | undefined;
  /** For file fields. */
  readonly multipart?: boolean | undefined;
  /** Sets the fields of several forms on one page apart; give their fields the same word. */
  readonly scope?: string | undefined;
};

/** A whole form. The browser's own bubbles are off (`novalidate`): our sentences are better, and in the person's language. */
export function form(frame: Frame, options: FormOptions): Html {
  const method = options.method ?? 'post';
  if (method === 'post' && isClosedToPosts(frame, options.action)) return lookedAt(options);
  const opening = attributes({
    method,
    action: options.action,
    enctype: options.multipart ? 'multipart/form-data' : undefined,
    novalidate: true,
  });
  return html`<form class="dw-form${options.isLong && ' dw-form-long'}"${opening}>${method === 'post' && csrfField(frame)}${errorSummary(frame, options.errors, options.scope)}${options.body}${method === 'post' && captchaOf(frame, options.action)}<div class="dw-form-end"><button type="submit" class="${buttonClass({ tone: options.tone ?? 'primary' })}">${options.button}</button>${options.secondary}</div></form>`;
}

/** The same for staff who only look: what it holds can be read, and there is nothing to press. */
function lookedAt({ body, secondary }: FormOptions): Html {
  return html`<div class="dw-form"><fieldset class="dw-looked-at" disabled>${body}</fieldset>${secondary && html`<div class="dw-form-end">${secondary}</div>`}</div>`;
}

/** Only in the form that is asked for one: others of the same page post elsewhere. */
function captchaOf(frame: Frame, action: string | undefined): Html | undefined {
  return frame.captcha?.posts === (action ?? frame.path) ? frame.captcha?.field : undefined;
}

/** What is wrong, at the top of the form, each line a link to its field. The script moves the focus here. */
export function errorSummary(frame: Frame, errors: FieldErrors | undefined, scope?: string): Html | undefined {
  const wrong = Object.entries(errors ?? {});
  if (wrong.length === 0) return undefined;
  const lines = wrong.map(([name, sentence]) => html`<li>${summaryLine(name, sentence, scope)}</li>`);
  return html`<div class="dw-summary dw-tone-danger" role="alert" tabindex="-1" data-focus>${icon('alert-circle')}<div><p class="dw-notice-title">${frame.t('common.form.wrong', { count: wrong.length })}</p><ul>${lines}</ul></div></div>`;
}

/** Fields that belong together under a heading, with a sentence beside it on a wide screen. `id`: where an index leads. */
export function formSection(options: {
  readonly id?: string | undefined;
  readonly title: string;
  readonly intro?: string | Html | undefined;
  readonly body: Html;
}): Html {
  const intro = options.intro && html`<p>${options.intro}</p>`;
  return html`<section class="dw-section"${attributes({ id: options.id })}><div class="dw-section-head"><h2>${options.title}</h2>${intro}</div><div class="dw-section-body">${options.body}</div></section>`;
}

/** Fields that are seldom needed, behind a word that shows them. They post whether they are shown or not. */
export function moreFields(options: { readonly word: string; readonly open: boolean; readonly body: Html }): Html {
  return html`<details class="dw-more"${options.open && html` open`}><summary>${options.word}</summary>${options.body}</details>`;
}

/** Two or three short fields in one row (city, state, postcode); one below the other on a phone. */
export function fieldRow(...fields: readonly (Html | undefined)[]): Html {
  return html`<div class="dw-field-row">${fields}</div>`;
}

function summaryLine(name: string, sentence: string, scope: string | undefined): Html | string {
  return name === 'form' ? sentence : html`<a href="#${fieldId(name, scope)}">${sentence}</a>`;
}
