// The last step of signing in for a member of staff whose password has to be replaced. No session exists yet.

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import { chooseNeededPassword } from '#domain/login/needed-password.ts';
import { waitingSide } from '#domain/login/next-step.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { staffPath } from '#web/goto.ts';
import { newPasswordField } from '#web/new-password.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { afterStep, CUSTOMERS, gotoOf, STAFF, startAgain } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Fields: password, goto. Errors: those of the password rule, at `password`; `attempt-over`. Ten minutes from the step before. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'admin-login-new-password', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const waits = await waitingSide(visit.ctx, 'new-password', visit.attempt ?? '');
    if (waits !== STAFF.side) return startAgain(visit, STAFF);
    return show(picture(visit, await newPasswordRule(visit.ctx)));
  },

  post: async (visit) => {
    const attempt = visit.attempt ?? '';
    // A user's step is not finished at the door of staff.
    if ((await waitingSide(visit.ctx, 'new-password', attempt)) === CUSTOMERS.side) return startAgain(visit, STAFF);
    return afterStep(
      visit,
      STAFF,
      await chooseNeededPassword(visit.ctx, attempt, visit.form.text('password'), visit.ip),
    );
  },
});

function picture(visit: Visit, rule: PasswordRule): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.new-password.title'),
    intro: t('passwords.staff.new.intro'),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.new-password.button'),
      body: html`${gotoField(staffPath(gotoOf(visit)) ?? '')}${newPasswordField(visit, rule, { autofocus: true })}`,
    }),
    wayOut: html`<a href="/admin/login">${t('entrance.code.again')}</a>`,
  });
}
