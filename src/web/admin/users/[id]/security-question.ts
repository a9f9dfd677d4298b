// Takes a user's security question away, for whoever does not know the answer any more (behaviours.md 3.9).

import { questionOfUser } from '#domain/credentials/security-questions.ts';
import { removeSecurityQuestion } from '#domain/login/security-question.ts';
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
    return goTo(wayBack(visit, file).href, {
      tone: 'success',
      key: 'passwords.user.question.done',
      values: { name: file.name },
    });
  },
});

function picture(visit: Visit, file: UserFile, has: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const { user, name } = file;
  const back = wayBack(visit, file);
  const title = t('passwords.user.question.title', { name });
  if (!has)
    return userStep(visit, { title, back, body: remark({ tone: 'info', body: t('passwords.user.question.none') }) });
  return userStep(visit, {
    title,
    back,
    body: card({
      body: form(frame, {
        action: keepingWay(visit),
        button: t('passwords.user.question.button'),
        tone: 'danger',
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`<p>${t('passwords.user.question.text', { name })}</p><p>${t('passwords.user.question.effect', { address: user.email })}</p>`,
      }),
    }),
  });
}
