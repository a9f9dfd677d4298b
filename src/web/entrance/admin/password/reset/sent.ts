// What staff do after asking for a link: it knows nothing of the name, so it tells nothing.

import { passwordLinkMinutes } from '#domain/login/login.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => show(picture(visit, await settingOf(visit.ctx, passwordLinkMinutes))),
});

function picture({ frame }: Visit, minutes: number): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.reset.sent'),
    body: html`<div><p>${t('passwords.staff.reset.sent-text', { minutes })}</p><p class="text-secondary">${t('entrance.reset.sent-nothing')}</p></div><div class="dw-post">${linkButton({ href: '/admin/password/reset', text: t('entrance.reset.again') })}</div>`,
    wayOut: html`<a href="/admin/login">${t('entrance.reset.back')}</a>`,
  });
}
