// Lets a deactivated user sign in again.

import { setUserDisabled } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { shortName } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, oneButtonStep } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => show(picture(visit, await userFileOf(visit))),
  post: activate,
});

async function activate(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await setUserDisabled(visit.ctx, visit.actor, file.user.id, false);
  return goBack(visit, file, 'admin.user.activation.done');
}

function picture(visit: Visit, file: UserFile): Html {
  const { t } = visit.frame;
  return oneButtonStep(visit, file, {
    title: t('admin.user.activation.title', { name: file.name }),
    body: html`<p>${t('admin.user.activation.text')}</p>`,
    button: t('admin.user.activation.title', { name: shortName(file.name) }),
  });
}
