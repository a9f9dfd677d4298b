// The sign-in page of staff: a user name and a password.

import { staffPasswordReset } from '#domain/login/login.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { rememberTick } from '#web/device-parts.ts';
import { providerButtons } from '#web/federation.ts';
import { staffPath } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { passwordField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { passkeyButton } from '#web/passkey-steps.ts';
import { gotoOf, knock, STAFF } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/**
 * Fields: username, password, remember, goto below /admin. Every refusal is one sentence (`admin-login-wrong`) after the same work;
 * tries are counted by domain/login.
 */
export default page({
  who: { is: 'anyone' },
  captcha: 'admin-login',

  get: async (visit) =>
    visit.administrator
      ? goTo(STAFF.goOn(gotoOf(visit)))
      : show(
          picture(visit, {
            mayReset: await settingOf(visit.ctx, staffPasswordReset),
            passkey: await passkeyButton(visit, STAFF),
            remember: await rememberTick(visit, STAFF),
            others: await providerButtons(visit, STAFF),
          }),
        ),

  post: async (visit) => {
    const [username, password] = [visit.form.text('username').trim(), visit.form.text('password')];
    const missing = {
      ...(username === '' ? { username: 'username-missing' } : {}),
      ...(password === '' ? { password: 'password-missing' } : {}),
    };
    if (username === '' || password === '') throw invalid(missing);
    return knock(visit, STAFF, username, password);
  },
});

type Offered = {
  readonly mayReset: boolean;
  readonly passkey: Html | undefined;
  readonly remember: Html | undefined;
  readonly others: Html | undefined;
};

function picture(visit: Visit, { mayReset, passkey, remember, others }: Offered): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const username = visit.form.text('username');
  return entranceRoom(frame, {
    title: t('entrance.admin.title'),
    errors,
    body: html`${form(frame, {
      errors,
      button: t('entrance.login.button'),
      body: html`${gotoField(staffPath(gotoOf(visit)) ?? '')}${textField(frame, {
        name: 'username',
        label: t('entrance.admin.username'),
        value: username,
        errors,
        required: true,
        autocomplete: passkey ? 'username webauthn' : 'username',
        enterkeyhint: 'next',
        spellcheck: false,
        maxlength: 60,
        autofocus: username === '',
      })}${passwordField(frame, {
        name: 'password',
        label: t('entrance.login.password'),
        errors,
        required: true,
        autocomplete: 'current-password',
        enterkeyhint: 'go',
        autofocus: username !== '',
      })}${remember}`,
    })}${passkey}${others}`,
    wayOut: mayReset ? html`<a href="/admin/password/reset">${t('entrance.login.forgot')}</a>` : undefined,
  });
}
