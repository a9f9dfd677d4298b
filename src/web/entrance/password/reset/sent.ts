// What to do after asking for a link: it knows nothing of the address, so it tells nothing.

import { areQuestionsAsked } from '#domain/credentials/security-questions.ts';
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
  get: async (visit) => {
    const minutes = await settingOf(visit.ctx, passwordLinkMinutes);
    const { t } = visit.frame;
    const asked = await areQuestionsAsked(visit.ctx);
    return show(
      picture(visit, asked ? t('passwords.question.sent', { minutes }) : t('entrance.reset.sent-text', { minutes })),
    );
  },
});

function picture({ frame }: Visit, text: string): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.reset.sent'),
    body: html`<div><p>${text}</p><p class="text-secondary">${t('entrance.reset.sent-nothing')}</p></div><div class="dw-post">${linkButton({ href: '/password/reset', text: t('entrance.reset.again') })}</div>`,
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
