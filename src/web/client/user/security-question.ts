// One's own security question, where the operator still asks them: choosing one, or another.

import type { SecurityQuestion } from '#domain/credentials/security-questions.ts';
import { areQuestionsAsked, listQuestions } from '#domain/credentials/security-questions.ts';
import { chooseSecurityQuestion, questionAskedOf } from '#domain/login/security-question.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { wayBackIn } from '#web/factor-parts.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { selectField } from '#web/parts/choice.ts';
import { empty } from '#web/parts/empty.ts';
import { readOnlyField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: currentAnswer (where there is a question already), question, answer, answerAgain. Five tries an hour (domain). */
export default page({
  who: { is: 'user' },
  stepUp: true,

  get: async (visit) => {
    const { ctx, user } = visit;
    if (!(await areQuestionsAsked(ctx))) return show(offPicture(visit));
    return show(picture(visit, await listQuestions(ctx), await questionAskedOf(ctx, user.userId)));
  },

  post: async ({ ctx, actor, user, form: typed }) => {
    const question = typed.text('question');
    await chooseSecurityQuestion(ctx, actor, user.userId, {
      currentAnswer: typed.text('currentAnswer'),
      questionId: /^[1-9]\d{0,14}$/.test(question) ? Number(question) : undefined,
      answer: typed.text('answer'),
      answerAgain: typed.text('answerAgain'),
    });
    return goTo('/user/security-question', { tone: 'success', key: 'passwords.own.saved' });
  },
});

function picture(visit: OwnVisit, all: readonly SecurityQuestion[], own: SecurityQuestion | undefined): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const line = (name: string, label: string, help?: string): Html =>
    textField(frame, {
      name,
      label,
      help,
      errors,
      required: true,
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 200,
    });
  return clientRoom(frame, {
    title: t('passwords.own.title'),
    intro: t('passwords.own.intro'),
    back: wayBackIn(visit, OWN_USER),
    errors,
    body: stack(
      remark({ tone: 'info', body: t('passwords.own.legacy') }),
      card({
        body: form(frame, {
          errors,
          button: t('passwords.own.button'),
          body: html`${
            own &&
            html`${readOnlyField(frame, { label: t('passwords.own.now'), value: own.text })}${line(
              'currentAnswer',
              t('passwords.own.current-answer'),
            )}`
          }${selectField(frame, {
            name: 'question',
            label: own ? t('passwords.own.question.new') : t('passwords.own.question'),
            value: textOr(typed, 'question', own ? String(own.id) : ''),
            errors,
            required: true,
            choose: t('passwords.own.choose'),
            choices: all.map(({ id, text }) => ({ value: String(id), text })),
          })}${line('answer', own ? t('passwords.own.answer.new') : t('passwords.own.answer'), t('passwords.own.answer.help'))}${line(
            'answerAgain',
            t('passwords.own.answer-again'),
          )}`,
        }),
      }),
      own &&
        card({
          title: t('passwords.own.remove'),
          intro: t('passwords.own.remove.text'),
          actions: linkButton({ href: '/user/security-question/removal', text: t('passwords.own.remove') }),
        }),
    ),
  });
}

function offPicture(visit: OwnVisit): Html {
  const { frame } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('passwords.own.title'),
    back: wayBackIn(visit, OWN_USER),
    body: card({
      body: empty({ icon: 'help', title: t('passwords.own.off'), text: t('passwords.own.off-text') }),
    }),
  });
}
