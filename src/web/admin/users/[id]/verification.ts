// Sends a user the letter that confirms their address.

import { sendVerificationByStaff } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, oneButtonStep } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => show(picture(visit, await userFileOf(visit))),
  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await sendVerificationByStaff(visit.ctx, visit.actor, file.user.id);
  return goBack(visit, file, 'registration.staff.sent', { address: file.user.email });
}

function picture(visit: Visit, file: UserFile): Html {
  const { t } = visit.frame;
  return oneButtonStep(visit, file, {
    title: t('registration.staff.title', { name: file.name }),
    body: html`<p>${t('registration.staff.text', { address: file.user.email })}</p>`,
    button: t('registration.verify.send'),
  });
}
