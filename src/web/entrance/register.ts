// How to get an account. Nobody registers by themselves here yet; the page says so rather than leading nowhere.

import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'anyone' },
  get: async (visit) => show(picture(visit, await settingOf(visit.ctx, supportAddress))),
});

function picture({ frame }: Visit, support: string): Html {
  const { t } = frame;
  const company = frame.brand.name;
  const write =
    support &&
    html`<div class="dw-post">${linkButton({ href: `mailto:${support}`, text: t('entrance.register.write', { support }) })}</div>`;
  return entranceRoom(frame, {
    title: t('entrance.register.title'),
    body: html`<div><p>${t('entrance.register.text', { company })}</p><p class="text-secondary">${t('entrance.register.letter')}</p></div>${write}`,
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
