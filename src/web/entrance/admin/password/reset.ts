// Staff who forgot their password ask for a link, by user name or address. What is answered is the same for every name
// (ASVS 5.0 V6.3.8). The operator may have switched it off: then the page says who helps.

import { requestAdministratorPasswordLink } from '#domain/login/forgotten-password.ts';
import { staffPasswordReset } from '#domain/login/login.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** Fields: name. How often one may ask is counted by domain/login, for a network and for what was typed. */
export default page({
  who: { is: 'anyone' },
  captcha: 'password-reset',

  get: async (visit) => show((await settingOf(visit.ctx, staffPasswordReset)) ? picture(visit) : offPicture(visit)),

  post: async (visit) => {
    const name = visit.form.text('name').trim();
    if (name === '') throw invalid({ name: 'username-missing' });
    await requestAdministratorPasswordLink(visit.ctx, name, visit.ip);
    return goTo('/admin/password/reset/sent');
  },
});

function picture({ frame, form: typed, errors }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.reset.title'),
    intro: t('passwords.staff.reset.intro'),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.reset.button'),
      body: textField(frame, {
        name: 'name',
        label: t('passwords.staff.reset.name'),
        value: typed.text('name'),
        errors,
        required: true,
        autocomplete: 'username',
        enterkeyhint: 'send',
        spellcheck: false,
        maxlength: 254,
        autofocus: true,
      }),
    }),
    wayOut: html`<a href="/admin/login">${t('entrance.reset.back')}</a>`,
  });
}

function offPicture({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('passwords.staff.reset.off'),
    body: html`<p>${t('passwords.staff.reset.off-text')}</p>`,
    wayOut: html`<a href="/admin/login">${t('entrance.reset.back')}</a>`,
  });
}
