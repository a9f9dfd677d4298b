// Sends an administrator the letter with a link for setting a password.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { passwordLinkMinutes, welcomeLinkHours } from '#domain/login/login.settings.ts';
import { sendAdministratorPasswordLink } from '#domain/login/password-links.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { conflict } from '#kit/problem.ts';
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
  get: async (visit) => {
    const one = await administratorIn(visit);
    const holdsMinutes = one.hasPassword
      ? await settingOf(visit.ctx, passwordLinkMinutes)
      : 60 * (await settingOf(visit.ctx, welcomeLinkHours));
    return show(picture(visit, one, holdsMinutes));
  },
  post: send,
});

async function send(visit: Visit): Promise<Answer> {
  const one = await administratorIn(visit);
  if (one.disabledAt !== undefined) throw conflict('administrator-disabled');
  await sendAdministratorPasswordLink(visit.ctx, visit.actor, one.id);
  return goTo(hrefOf(one), {
    tone: 'success',
    key: 'admin.administrators.letter.sent',
    values: { address: one.email },
  });
}

async function administratorIn(visit: Visit): Promise<Administrator> {
  return administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
}

function picture(visit: Visit, one: Administrator, holdsMinutes: number): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = staffName(one);
  const holds =
    holdsMinutes % 60 === 0
      ? t('admin.administrators.letter.hours', { hours: holdsMinutes / 60 })
      : t('admin.administrators.letter.minutes', { minutes: holdsMinutes });
  return adminRoom(frame, {
    title: t('admin.administrators.letter.heading', { name }),
    back: { href: hrefOf(one), text: name },
    body: card({
      body: form(frame, {
        button: t('admin.administrators.letter.button'),
        secondary: linkButton({ href: hrefOf(one), text: t('admin.administrators.cancel') }),
        body: html`<p>${t('admin.administrators.letter.text', { address: one.email })}</p><p>${holds}</p>`,
      }),
    }),
  });
}

function hrefOf(one: Administrator): string {
  return `/admin/administrators/${one.id}`;
}
