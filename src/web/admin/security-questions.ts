// The operator's list of security questions, a legacy: what there is to choose from, and whether anybody is asked.

import { securityQuestionsAsked } from '#domain/credentials/security-questions.settings.ts';
import type { ListedQuestion } from '#domain/credentials/security-questions.ts';
import { listQuestionsInUse, MOST_QUESTIONS } from '#domain/credentials/security-questions.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { fieldId } from '#web/parts/field-frame.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { may } from '#web/staff.ts';

const PATH = '/admin/security-questions';

export default page({
  who: { is: 'staff', permission: 'Configure Security Questions' },
  get: async (visit) =>
    show(picture(visit, await listQuestionsInUse(visit.ctx), await settingOf(visit.ctx, securityQuestionsAsked))),
});

function picture(visit: Visit, questions: readonly ListedQuestion[], isOn: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const toSettings = may(visit, 'Configure General Settings')
    ? linkButton({
        href: `/admin/settings/security#${fieldId(securityQuestionsAsked.name)}`,
        text: t('passwords.list.settings'),
        small: true,
      })
    : undefined;
  return adminRoom(frame, {
    title: t('passwords.list.title'),
    intro: t('passwords.list.intro'),
    actions:
      questions.length < MOST_QUESTIONS
        ? linkButton({ href: `${PATH}/new`, text: t('passwords.list.add'), tone: 'primary', icon: 'plus' })
        : undefined,
    body: stack(
      remark({ tone: 'warning', title: t('passwords.list.legacy'), body: t('passwords.list.legacy.text') }),
      !isOn && remark({ tone: 'info', body: t('passwords.list.off'), action: toSettings }),
      card({
        flush: table<ListedQuestion>(frame, {
          caption: t('passwords.list.title'),
          rows: questions,
          empty: empty({ title: t('passwords.list.empty'), text: t('passwords.list.empty.text'), icon: 'help' }),
          columns: [
            { heading: t('passwords.list.question'), kind: 'name', cell: ({ text }) => text },
            {
              heading: t('passwords.list.use'),
              kind: 'short',
              cell: ({ isInUse }) =>
                isInUse ? status('good', t('passwords.list.in-use')) : status('quiet', t('passwords.list.unused')),
            },
            {
              heading: t('passwords.list.remove'),
              kind: 'actions',
              cell: ({ id, text, isInUse }) =>
                isInUse
                  ? undefined
                  : linkButton({
                      href: `${PATH}/${id}/removal`,
                      text: t('passwords.list.remove'),
                      about: text,
                      small: true,
                    }),
            },
          ],
        }),
      }),
    ),
  });
}
