// Asks for a link to choose a new password. What is answered is the same for every address (ASVS 5.0 V6.3.8). Where security
// questions are asked, everybody is shown one next: theirs, or one that was drawn for the address.

import { requestPasswordLink } from '#domain/login/forgotten-password.ts';
import { questionForAddress } from '#domain/login/security-question.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { emailField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { questionPicture, typedAddress } from '#web/reset-parts.ts';

/** Fields: email. How often one may ask is counted by domain/login, for a network and for what was typed. */
export default page({
  who: { is: 'anyone' },
  captcha: 'password-reset',

  get: async (visit) => show(picture(visit)),

  post: async (visit) => {
    const email = typedAddress(visit.form);
    const question = await questionForAddress(visit.ctx, email);
    if (question) return show(questionPicture(visit, { email, question: question.text }));
    await requestPasswordLink(visit.ctx, email, visit.ip);
    return goTo('/password/reset/sent');
  },
});

function picture({ frame, form: typed, errors }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.reset.title'),
    intro: t('entrance.reset.intro'),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.reset.button'),
      body: emailField(frame, {
        name: 'email',
        label: t('entrance.login.email'),
        value: typed.text('email'),
        errors,
        required: true,
        autocomplete: 'username',
        enterkeyhint: 'send',
        autofocus: true,
      }),
    }),
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
