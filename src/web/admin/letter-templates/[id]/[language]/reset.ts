// Sets the text of a letter back: the shipped one holds again.

import { resetText } from '#domain/mail/template-changes.ts';
import { languages } from '#src/locales/words.ts';
import { LETTER_TEMPLATES, languageInPath, missingFor, templateInPath } from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { requirePermission } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Create/Edit Email Templates' },
  get: async (visit) => show(await picture(visit)),
  post: async (visit): Promise<Answer> => {
    const template = await templateInPath(visit);
    const language = languageInPath(visit);
    const missing = missingFor(visit, language);
    if (missing !== undefined) requirePermission(visit, missing);
    await resetText(visit.ctx, visit.actor, template.id, language.code);
    return goTo(`${LETTER_TEMPLATES}/${template.id}/${language.code}`, {
      tone: 'success',
      key: 'templates.reset.done',
    });
  },
});

async function picture(visit: Visit) {
  const { frame, errors } = visit;
  const { t } = frame;
  const template = await templateInPath(visit);
  const language = languageInPath(visit);
  const home = `${LETTER_TEMPLATES}/${template.id}/${language.code}`;
  const kept = template.isCustom
    ? t('templates.reset.kept.own', { language: languages[0]?.name ?? '' })
    : t('templates.reset.kept');
  return adminRoom(frame, {
    title: t('templates.reset.title', { name: template.name }),
    back: { href: home, text: template.name },
    errors,
    body: card({
      body: confirmation(frame, {
        losses: [t('templates.reset.loss', { language: language.name })],
        kept,
        button: t('templates.reset.button'),
        cancel: { href: home, text: t('templates.cancel') },
        errors,
      }),
    }),
  });
}
