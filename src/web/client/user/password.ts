// Changing one's own password. Every other session ends, and this browser goes on under a new token, so that a stolen
// cookie of this very session is dead too (ASVS 5.0 V7.4.3; behaviours.md, section 15, number 4). The present password is
// asked for on top of the proof that the page wants (V6.2.3, V7.5.1).

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import type { SecurityQuestion } from '#domain/credentials/security-questions.ts';
import { areQuestionsAsked } from '#domain/credentials/security-questions.ts';
import { changeOwnPassword } from '#domain/login/own-password.ts';
import { questionAskedOf } from '#domain/login/security-question.ts';
import { userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { wayBackIn } from '#web/factor-parts.ts';
import { newPasswordField } from '#web/new-password.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { VisitOf } from '#web/page.ts';
import { page, renew, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { answerField } from '#web/reset-parts.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: current, answer (where they have a security question and those are asked), password. Ten tries an hour (domain/login). */
export default page({
  who: { is: 'user' },
  stepUp: true,

  get: async (visit) => {
    const { ctx, user } = visit;
    const { hasPassword } = await userOf(ctx, user.userId);
    if (!hasPassword) return show(firstPicture(visit));
    const [rule, question, asked] = await Promise.all([
      newPasswordRule(ctx),
      questionAskedOf(ctx, user.userId),
      areQuestionsAsked(ctx),
    ]);
    return show(picture(visit, { rule, question, asked }));
  },

  post: async ({ ctx, actor, user, form: typed }) => {
    await changeOwnPassword(ctx, actor, user.userId, {
      current: typed.text('current'),
      fresh: typed.text('password'),
      answer: typed.text('answer'),
      keepSessionId: user.sessionId,
    });
    return renew('user', '/user/password', { tone: 'success', key: 'client.password.saved' });
  },
});

/** `asked`: whether security questions are asked here at all. */
type Known = {
  readonly rule: PasswordRule;
  readonly question: SecurityQuestion | undefined;
  readonly asked: boolean;
};

function picture(visit: OwnVisit, { rule, question, asked }: Known): Html {
  const { frame, user, errors } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.password.title'),
    back: wayBackIn(visit, OWN_USER),
    intro: t('client.password.intro'),
    errors,
    body: stack(
      user.mustChangePassword && remark({ tone: 'warning', body: t('client.todo.password-why') }),
      card({
        body: form(frame, {
          errors,
          button: t('client.password.button'),
          secondary: html`<a href="/password/reset">${t('client.password.forgot')}</a>`,
          body: html`${passwordField(frame, {
            name: 'current',
            label: t('client.password.current'),
            errors,
            required: true,
            autocomplete: 'current-password',
          })}${question && answerField(frame, question.text, { errors, required: true })}${newPasswordField(
            visit,
            rule,
            {
              label: t('client.password.fresh'),
            },
          )}`,
        }),
      }),
      asked && questionCard(visit, question !== undefined),
    ),
  });
}

function questionCard({ frame: { t } }: OwnVisit, has: boolean): Html {
  return card({
    title: t('passwords.own.title'),
    intro: t('passwords.own.link.text'),
    actions: linkButton({
      href: '/user/security-question',
      text: has ? t('passwords.own.link.change') : t('passwords.own.link.set'),
    }),
  });
}

/** For somebody who came by single sign-on and never chose one: there is nothing to ask for here but the letter. */
function firstPicture(visit: OwnVisit): Html {
  const { frame } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.password.title'),
    back: wayBackIn(visit, OWN_USER),
    body: card({
      body: empty({
        icon: 'lock',
        title: t('client.password.none'),
        text: t('client.password.none-text'),
        action: linkButton({ href: '/password/reset', text: t('client.password.none-button'), tone: 'primary' }),
      }),
    }),
  });
}
