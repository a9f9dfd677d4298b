// Asks a user for a new password at their next sign-in: somebody may know the one they have.

import { requireNewPassword } from '#domain/login/new-password-needed.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { remark } from '#web/parts/notice.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, oneButtonStep, userStep, wayBack } from '#web/user-step.ts';

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
    return goBack(visit, file, 'passwords.user.require.done');
  },
});

function picture(visit: Visit, file: UserFile, sessions: number): Html {
  const { t } = visit.frame;
  const { user, name } = file;
  const title = t('passwords.user.require.title', { name });
  if (!user.hasPassword)
    return userStep(visit, {
      title,
      back: wayBack(visit, file),
      body: remark({ tone: 'info', body: t('errors.no-password-yet') }),
    });
  const effect = t('passwords.user.require.effect', { count: sessions, address: user.email });
  const already = user.mustChangePassword && html`<p>${t('passwords.user.require.already')}</p>`;
  return oneButtonStep(visit, file, {
    title,
    body: html`<p>${t('passwords.user.require.text', { name })}</p><p>${effect}</p>${already}`,
    button: t('passwords.user.require.button'),
  });
}
