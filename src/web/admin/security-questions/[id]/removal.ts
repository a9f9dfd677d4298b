// Takes a security question off the list, if nobody answers it.

import type { SecurityQuestion } from '#domain/credentials/security-questions.ts';
import { listQuestions, questionOf, removeQuestion } from '#domain/credentials/security-questions.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/security-questions';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Configure Security Questions' },
  get: async (visit) => {
    const question = await questionOf(visit.ctx, idOf(visit));
    return show(picture(visit, question, (await listQuestions(visit.ctx)).length === 1));
  },
  post: async (visit) => {
    await removeQuestion(visit.ctx, visit.actor, idOf(visit));
    return goTo(LIST, { tone: 'success', key: 'passwords.list.removed' });
  },
});

function idOf(visit: Visit): number {
  return idInPath(visit, 'id', 'security-question-not-found');
}

function picture({ frame, errors }: Visit, { text }: SecurityQuestion, isLast: boolean): Html {
  const { t } = frame;
  const losses = [t('passwords.list.remove.loss', { question: text })];
  return adminRoom(frame, {
    title: t('passwords.list.remove.title'),
    back: { href: LIST, text: t('passwords.list.title') },
    errors,
    body: card({
      body: confirmation(frame, {
        errors,
        losses: isLast ? [...losses, t('passwords.list.remove.last')] : losses,
        button: t('passwords.list.remove'),
        cancel: { href: LIST, text: t('passwords.list.cancel') },
      }),
    }),
  });
}
