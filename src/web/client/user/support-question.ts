// Answers support's question on one's own screen: is it you who speaks to us? Yes takes the number that they tell on the phone.

import { answerIdentity } from '#domain/support/identity-checks.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { codeField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: number, as told on the phone; or answer=no. A wrong number is a no. Only a session that was asked may answer. */
export default page({
  who: { is: 'user' },
  acting: 'never',
  get: async (visit) => show(picture(visit)),
  post: answer,
});

async function answer({ ctx, actor, user, form: typed }: OwnVisit): Promise<Answer> {
  const declines = typed.text('answer') === 'no';
  const given = declines ? ({ is: 'declined' } as const) : ({ is: 'confirmed', number: typed.text('number') } as const);
  switch (await answerIdentity(ctx, actor, user, given)) {
    case 'confirmed':
      return goTo('/', { tone: 'success', key: 'support.question.confirmed' });
    case 'declined':
      return goTo('/user/activity', { tone: 'success', key: 'support.question.declined' });
    case 'wrong':
      return goTo('/', { tone: 'warning', key: 'support.question.wrong' });
    case 'over':
      return goTo('/user/support-question');
  }
}

function picture({ frame, user, errors }: OwnVisit): Html {
  const { t } = frame;
  const title = t('support.question.title');
  const home = linkButton({ href: '/', text: t('common.refusal.home') });
  if (!user.isAsked)
    return clientRoom(frame, {
      title,
      body: card({
        flush: empty({
          icon: 'shield',
          title: t('support.question.none'),
          text: t('support.question.none.text'),
          action: home,
        }),
      }),
    });
  return clientRoom(frame, {
    title,
    intro: t('support.question.intro', { company: frame.brand.name }),
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('support.question.confirm'),
          body: codeField(frame, {
            name: 'number',
            label: t('support.question.number'),
            help: t('support.question.number.help'),
            errors,
            required: true,
            length: 2,
            autofocus: true,
          }),
        }),
      }),
      card({
        title: t('support.question.decline.title'),
        intro: t('support.question.decline.text'),
        body: postButton(frame, { text: t('support.question.decline'), fields: { answer: 'no' }, tone: 'danger' }),
      }),
    ),
  });
}
