// Lets a disabled administrator in again.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, changeAdministrator } from '#domain/administrators/administrators.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { staffName } from '#web/administrator-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await administratorIn(visit))),
  post: enable,
});

async function enable(visit: Visit): Promise<Answer> {
  const one = await administratorIn(visit);
  await changeAdministrator(visit.ctx, visit.actor, one.id, { disabled: false });
  return goTo(hrefOf(one), {
    tone: 'success',
    key: 'admin.administrators.enable.done',
    values: { username: one.username },
  });
}

async function administratorIn(visit: Visit): Promise<Administrator> {
  return administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
}

function picture(visit: Visit, one: Administrator): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = staffName(one);
  return adminRoom(frame, {
    title: t('admin.administrators.enable.heading', { name }),
    back: { href: hrefOf(one), text: name },
    body: card({
      body: form(frame, {
        button: t('admin.administrators.enable.button', { name }),
        secondary: linkButton({ href: hrefOf(one), text: t('admin.administrators.cancel') }),
        body: html`<p>${t('admin.administrators.enable.text', { name, role: one.role.name })}</p>`,
      }),
    }),
  });
}

function hrefOf(one: Administrator): string {
  return `/admin/administrators/${one.id}`;
}
