// The last step of signing in for somebody whose password has to be replaced. No session exists yet.

import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { chooseNewPassword, waitingSide } from '#domain/login/next-step.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { customerPath } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { CUSTOMERS, gotoOf, open, startAgain } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Fields: password, goto. Errors: those of the password rule, at `password`. Ten minutes from the step before. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'login-new-password', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const waits = await waitingSide(visit.ctx, 'new-password', visit.attempt ?? '');
    if (waits !== CUSTOMERS.side) return startAgain(visit, CUSTOMERS);
    return show(picture(visit, await settingOf(visit.ctx, passwordMinimumLength)));
  },

  post: async (visit) => {
    const proof = await chooseNewPassword(visit.ctx, visit.attempt ?? '', visit.form.text('password'), visit.ip);
    return open(visit, CUSTOMERS, proof);
  },
});

function picture(visit: Visit, minimum: number): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.new-password.title'),
    intro: t('entrance.new-password.intro'),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.new-password.button'),
      body: html`${gotoField(customerPath(gotoOf(visit)) ?? '')}${passwordField(frame, {
        name: 'password',
        label: t('entrance.password.label'),
        help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum }),
        errors,
        required: true,
        autocomplete: 'new-password',
        autofocus: true,
      })}`,
    }),
    wayOut: html`<a href="/login">${t('entrance.code.again')}</a>`,
  });
}
