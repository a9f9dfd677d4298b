// Sets a user's password directly, for somebody on the telephone who gets no mail. Fields: password.

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import { setUserPassword } from '#domain/login/own-password.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { newPasswordField } from '#web/new-password.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  stepUp: true,
  get: async (visit) => {
    const file = await userFileOf(visit);
    const sessions = await sessionsOf(visit.ctx, { userId: file.user.id });
    return show(picture(visit, file, sessions.length, await newPasswordRule(visit.ctx)));
  },
  post: save,
});

async function save(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await setUserPassword(visit.ctx, visit.actor, file.user.id, visit.form.text('password'));
  return goBack(visit, file, 'admin.user.password.done');
}

function picture(visit: Visit, file: UserFile, sessions: number, rule: PasswordRule): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  return userStep(visit, {
    title: t('admin.user.password.title', { name: file.name }),
    back,
    body: stack(
      remark({ tone: 'info', body: t('admin.user.password.rather') }),
      card({
        body: form(frame, {
          errors,
          button: t('admin.user.password.button'),
          secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
          body: html`<p>${t('admin.user.password.effect', { count: sessions, address: file.user.email })}</p><p>${t('passwords.user.set.once')}</p>${newPasswordField(
            visit,
            rule,
            { label: t('admin.user.password.new'), help: t('admin.user.password.help') },
          )}`,
        }),
      }),
    ),
  });
}
