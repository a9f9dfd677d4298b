// Takes a user's security question away, for whoever does not know the answer any more (behaviours.md 3.9).

import { questionOfUser } from '#domain/credentials/security-questions.ts';
import { removeSecurityQuestion } from '#domain/login/security-question.ts';
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
  stepUp: true,
  get: async (visit) => {
    const file = await userFileOf(visit);
    // Which question it is, staff need not know.
    const has = (await questionOfUser(visit.ctx, file.user.id)) !== undefined;
    return show(picture(visit, file, has));
  },
  post: async (visit) => {
    const file = await userFileOf(visit);
    await removeSecurityQuestion(visit.ctx, visit.actor, file.user.id);
    return goBack(visit, file, 'passwords.user.question.done');
  },
});

function picture(visit: Visit, file: UserFile, has: boolean): Html {
  const { t } = visit.frame;
  const { user, name } = file;
  const title = t('passwords.user.question.title', { name });
  if (!has)
    return userStep(visit, {
      title,
      back: wayBack(visit, file),
      body: remark({ tone: 'info', body: t('passwords.user.question.none') }),
    });
  return oneButtonStep(visit, file, {
    title,
    body: html`<p>${t('passwords.user.question.text', { name })}</p><p>${t('passwords.user.question.effect', { address: user.email })}</p>`,
    button: t('passwords.user.question.button'),
    tone: 'danger',
  });
}
