// What the pages of the way back share: the address as typed, the security question, a dead link.

import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { comparable, isMailAddress } from '#kit/text.ts';
import type { Form, Visit } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { textField } from '#web/parts/field.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** The address of a form. Throws invalid with the field `email`. */
export function typedAddress(typed: Form): string {
  const email = typed.text('email').trim();
  if (email === '') throw invalid({ email: 'email-missing' });
  if (!isMailAddress(email)) throw invalid({ email: 'email-invalid' });
  return email;
}

/** The question before the letter. The same for every address, whether there is anybody to answer it or not. */
export function questionPicture(visit: Visit, asked: { readonly email: string; readonly question: string }): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('passwords.question.title'),
    intro: t('passwords.question.intro', { address: asked.email }),
    errors,
    body: form(frame, {
      action: '/password/reset/question',
      errors,
      button: t('passwords.question.button'),
      body: html`${hiddenField('email', asked.email)}${hiddenField('token', passFor(visit, asked.email))}${answerField(
        frame,
        asked.question,
        {
          errors,
          help: t('passwords.question.help'),
        },
      )}`,
    }),
    wayOut: html`<a href="/password/reset">${t('passwords.question.other')}</a>`,
  });
}

const PASS = 'reset-question';
const PASS_MS = minutes(30);

/** Goes along with the question: that this browser came by the page that asks for the address, and for a captcha. */
function passFor({ ctx, browser }: Visit, email: string): string {
  return ctx.seal.seal(PASS, String(ctx.now()), `${browser}|${comparable(email)}`);
}

/** Whether the question was drawn for this address in this browser, within half an hour. */
export function cameByAddress({ ctx, browser, form: typed }: Visit, email: string): boolean {
  const token = typed.text('token');
  const at = token.length > 500 ? undefined : ctx.seal.open(PASS, token, `${browser}|${comparable(email)}`);
  return at !== undefined && ctx.now() < Number(at) + PASS_MS;
}

/** The field of an answer, below its question. */
export function answerField(
  frame: Frame,
  question: string,
  options: { readonly errors: FieldErrors | undefined; readonly help?: string; readonly required?: boolean },
): Html {
  return html`<p class="fw-medium text-break">${question}</p>${textField(frame, {
    ...options,
    name: 'answer',
    label: frame.t('passwords.question.label'),
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 200,
    enterkeyhint: 'send',
  })}`;
}
