// The letters whose text can be edited, by what they are about.

import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { everyTemplate } from '#domain/mail/email-templates.ts';
import { TEMPLATE_TYPES } from '#domain/mail/letter-template.ts';
import { mailHeldBack } from '#domain/mail/mail.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { languages } from '#src/locales/words.ts';
import { LETTER_TEMPLATES, textState, typeWord } from '#web/letter-template-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Email Templates' },
  get: async (visit) => show(picture(visit, await everyTemplate(visit.ctx), await settingOf(visit.ctx, mailHeldBack))),
});

function picture(visit: Visit, templates: readonly EmailTemplate[], heldBack: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const faulty = templates.flatMap((one) => one.texts).filter((text) => text.fault !== undefined).length;
  const shown = TEMPLATE_TYPES.map((type) => ({ type, rows: templates.filter((one) => one.type === type) }));
  return adminRoom(frame, {
    title: t('templates.title'),
    intro: t('templates.intro'),
    actions: may(visit, 'Create/Edit Email Templates')
      ? linkButton({ href: `${LETTER_TEMPLATES}/new`, text: t('templates.add'), icon: 'plus', tone: 'primary' })
      : undefined,
    body: stack(
      faulty > 0 &&
        remark({
          tone: 'warning',
          title: t('templates.faulty', { count: faulty }),
          body: t('templates.faulty.text'),
        }),
      heldBack && remark({ tone: 'warning', body: t('templates.held-back') }),
      ...shown
        .filter(({ rows }) => rows.length > 0)
        .map(({ type, rows }) =>
          card({ title: typeWord(t, type), flush: templateTable(visit, typeWord(t, type), rows) }),
        ),
    ),
  });
}

function templateTable(visit: Visit, caption: string, rows: readonly EmailTemplate[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<EmailTemplate>(frame, {
    caption,
    rows,
    empty: empty({ title: t('templates.title') }),
    columns: [
      {
        heading: t('templates.column.name'),
        kind: 'name',
        cell: (one) => one.name,
        href: (one) => `${LETTER_TEMPLATES}/${one.id}/${languages[0]?.code}`,
      },
      { heading: t('templates.column.state'), kind: 'short', cell: (one) => textState(visit, one) },
      {
        heading: t('templates.column.sent'),
        kind: 'short',
        cell: (one) => (one.isOff ? status('waiting', t('templates.off')) : status('good', t('templates.on'))),
      },
      {
        heading: t('templates.column.changed'),
        kind: 'short',
        cell: (one) => ago(frame, Math.max(0, ...one.texts.map((text) => text.updatedAt)) || undefined),
      },
    ],
  });
}
