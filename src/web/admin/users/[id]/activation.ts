// Lets a deactivated user sign in again.

import { setUserDisabled } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { shortName } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf, userStep, wayBack } from '#web/user-profile.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => show(picture(visit, await userFileOf(visit))),
  post: activate,
});

async function activate(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await setUserDisabled(visit.ctx, visit.actor, file.user.id, false);
  return goTo(wayBack(visit, file).href, {
    tone: 'success',
    key: 'admin.user.activation.done',
    values: { name: file.name },
  });
}

function picture(visit: Visit, file: UserFile): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  return userStep(visit, {
    title: t('admin.user.activation.title', { name: file.name }),
    back,
    body: card({
      body: form(frame, {
        button: t('admin.user.activation.title', { name: shortName(file.name) }),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`<p>${t('admin.user.activation.text')}</p>`,
      }),
    }),
  });
}
