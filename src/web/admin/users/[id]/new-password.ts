// Asks a user for a new password at their next sign-in: somebody may know the one they have.

import { requireNewPassword } from '#domain/login/new-password-needed.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import type { UserFile } from '#web/user-profile.ts';
import { keepingWay, userFileOf, userStep, wayBack } from '#web/user-profile.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(picture(visit, file, (await sessionsOf(visit.ctx, { userId: file.user.id })).length));
  },
  post: async (visit) => {
    const file = await userFileOf(visit);
    await requireNewPassword(visit.ctx, visit.actor, file.user.id);
    return goTo(wayBack(visit, file).href, {
      tone: 'success',
      key: 'passwords.user.require.done',
      values: { name: file.name },
    });
  },
});

function picture(visit: Visit, file: UserFile, sessions: number): Html {
  const { frame } = visit;
  const { t } = frame;
  const { user, name } = file;
  const back = wayBack(visit, file);
  const title = t('passwords.user.require.title', { name });
  if (!user.hasPassword)
    return userStep(visit, { title, back, body: remark({ tone: 'info', body: t('errors.no-password-yet') }) });
  const effect = t('passwords.user.require.effect', { count: sessions, address: user.email });
  const already = user.mustChangePassword && html`<p>${t('passwords.user.require.already')}</p>`;
  return userStep(visit, {
    title,
    back,
    body: card({
      body: form(frame, {
        action: keepingWay(visit),
        button: t('passwords.user.require.button'),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`<p>${t('passwords.user.require.text', { name })}</p><p>${effect}</p>${already}`,
      }),
    }),
  });
}
