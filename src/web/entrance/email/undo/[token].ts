// Puts an address back by the link of the letter to it, and asks for a new password, since the old one may be known.
// Nobody is signed in by it.

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import type { UndoPage } from '#domain/self-service/email-undo.ts';
import { undoEmailChange, undoPageOf } from '#domain/self-service/email-undo.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/**
 * Fields: password. Errors: those of the password rule, at `password`; `email-undo-over`. Opening the address spends
 * nothing, so that programs that look at letters cannot use the link up.
 */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'email-undo', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const state = await undoPageOf(visit.ctx, visit.params['token'] ?? '');
    if (state.is === 'open') return show(picture(visit, state.address, await newPasswordRule(visit.ctx)));
    return show(over(visit, state.is), state.is === 'unknown' ? 404 : 410);
  },

  post: async ({ ctx, params, form: typed, ip }) => {
    await undoEmailChange(ctx, params['token'] ?? '', typed.text('password'), ip);
    return goTo('/login', { tone: 'success', key: 'people.undo.done' });
  },
});

function picture({ frame, errors }: Visit, address: string, rule: PasswordRule): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('people.undo.title'),
    intro: t('people.undo.intro', { address }),
    errors,
    body: form(frame, {
      errors,
      button: t('people.undo.button'),
      body: html`<p>${t('people.undo.text')}</p>${passwordField(frame, {
        name: 'password',
        label: t('entrance.password.label'),
        help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum: rule.minimum }),
        errors,
        required: true,
        autocomplete: 'new-password',
        rule,
      })}`,
    }),
  });
}

function over({ frame }: Visit, why: Exclude<UndoPage['is'], 'open'>): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('people.undo.title'),
    body: refusal(frame, {
      what: t(`people.undo.${why}`),
      why: t('people.undo.over-why', { company: frame.brand.name }),
    }),
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
