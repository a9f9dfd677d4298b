// Deletes a letter of the staff's own making.

import { removeTemplate } from '#domain/mail/template-changes.ts';
import { notFound } from '#kit/problem.ts';
import { LETTER_TEMPLATES, templateInPath } from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'staff', permission: 'Delete Email Templates' },
  get: async (visit) => show(await picture(visit)),
  post: async (visit): Promise<Answer> => {
    const { id, name } = await templateInPath(visit);
    await removeTemplate(visit.ctx, visit.actor, id);
    return goTo(LETTER_TEMPLATES, { tone: 'success', key: 'templates.removal.done', values: { name } });
  },
});

async function picture(visit: Visit) {
  const { frame, errors } = visit;
  const { t } = frame;
  const template = await templateInPath(visit);
  if (!template.isCustom) throw notFound('page-not-found');
  const home = `${LETTER_TEMPLATES}/${template.id}`;
  return adminRoom(frame, {
    title: t('templates.removal.title', { name: template.name }),
    back: { href: home, text: template.name },
    errors,
    body: card({
      body: confirmation(frame, {
        losses: [t('templates.removal.loss', { count: template.texts.length })],
        kept: t('templates.removal.kept'),
        button: t('templates.removal.button'),
        cancel: { href: home, text: t('templates.cancel') },
        errors,
      }),
    }),
  });
}
