// What follows a registration: it knows nothing of the address, so it tells nothing.

import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => show(picture(visit)),
});

function picture({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('registration.sent.title'),
    body: html`<div><p>${t('registration.sent.text')}</p><p class="text-secondary">${t('registration.sent.nothing')}</p></div><div class="dw-post">${linkButton({ href: '/login', text: t('registration.sent.login') })}</div>`,
  });
}
