// Sends a user the letter with a link for setting a password. The query may name the client one came from.

import { passwordLinkMinutes, welcomeLinkHours } from '#domain/login/login.settings.ts';
import { sendPasswordHelp } from '#domain/login/password-help.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { remark } from '#web/parts/notice.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, oneButtonStep, userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(await picture(visit, file));
  },
  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await sendPasswordHelp(visit.ctx, visit.actor, file.user.id);
  return goBack(visit, file, 'admin.user.letter.sent', { address: file.user.email });
}

async function picture(visit: Visit, file: UserFile): Promise<Html> {
  const { t } = visit.frame;
  const title = t('admin.user.letter.title', { name: file.name });
  if (file.user.disabledAt !== undefined)
    return userStep(visit, {
      title,
      back: wayBack(visit, file),
      body: remark({ tone: 'info', body: t('errors.user-disabled') }),
    });
  const holds = await holdsFor(visit, file.user);
  const long = holds >= hours(2);
  const duration = { count: Math.round(holds / (long ? hours(1) : minutes(1))), unit: long ? 'hours' : 'minutes' };
  return oneButtonStep(visit, file, {
    title,
    body: html`<p>${t('admin.user.letter.text', { address: file.user.email })}</p><p>${t('admin.user.letter.holds', duration)}</p>`,
    button: t('admin.user.letter.button'),
  });
}

/** How long the link will hold: the first one of a person longer than later ones. */
async function holdsFor(visit: Visit, user: User): Promise<number> {
  return user.hasPassword
    ? minutes(await settingOf(visit.ctx, passwordLinkMinutes))
    : hours(await settingOf(visit.ctx, welcomeLinkHours));
}
