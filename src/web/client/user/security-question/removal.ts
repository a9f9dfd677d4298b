// Doing without a security question again.

import { dropSecurityQuestion, questionAskedOf } from '#domain/login/security-question.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { readOnlyField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';

const BACK = '/user/security-question';

/** Fields: currentAnswer. Five tries an hour (domain). */
export default page({
  who: { is: 'user' },
  stepUp: true,

  get: async (visit) => {
    const question = await questionAskedOf(visit.ctx, visit.user.userId);
    return question ? show(picture(visit, question.text)) : goTo(BACK);
  },

  post: async ({ ctx, actor, user, form: typed }) => {
    await dropSecurityQuestion(ctx, actor, user.userId, typed.text('currentAnswer'));
    return goTo(BACK, { tone: 'success', key: 'passwords.own.removed' });
  },
});

function picture({ frame, errors }: VisitOf<{ is: 'user' }>, question: string): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('passwords.own.remove.title'),
    back: { href: BACK, text: t('passwords.own.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('passwords.own.remove.button'),
        tone: 'danger',
        secondary: linkButton({ href: BACK, text: t('passwords.own.cancel') }),
        body: html`<p>${t('passwords.own.remove.text')}</p>${readOnlyField(frame, { label: t('passwords.own.now'), value: question })}${textField(
          frame,
          {
            name: 'currentAnswer',
            label: t('passwords.own.current-answer'),
            errors,
            required: true,
            autocomplete: 'off',
            spellcheck: false,
            maxlength: 200,
          },
        )}`,
      }),
    }),
  });
}
