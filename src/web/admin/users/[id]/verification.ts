// Sends a user the letter that confirms their address.

import { sendVerificationByStaff } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import type { UserFile } from '#web/user-profile.ts';
import { keepingWay, userFileOf, userStep, wayBack } from '#web/user-profile.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => show(picture(visit, await userFileOf(visit))),
  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await sendVerificationByStaff(visit.ctx, visit.actor, file.user.id);
  return goTo(wayBack(visit, file).href, {
    tone: 'success',
    key: 'registration.staff.sent',
    values: { address: file.user.email },
  });
}

function picture(visit: Visit, file: UserFile): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  return userStep(visit, {
    title: t('registration.staff.title', { name: file.name }),
    back,
    body: card({
      body: form(frame, {
        action: keepingWay(visit),
        button: t('registration.verify.send'),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`<p>${t('registration.staff.text', { address: file.user.email })}</p>`,
      }),
    }),
  });
}
