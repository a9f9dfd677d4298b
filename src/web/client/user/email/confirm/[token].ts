// Confirms another address by the link of the letter to it. Only whoever asked for it, signed in, can: a link that was
// forwarded, or read by a thief, opens nothing. Opening the address changes nothing.

import type { EmailChangeState } from '#domain/self-service/email-change.ts';
import { confirmEmailChange, emailChangeState } from '#domain/self-service/email-change.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { page, renew, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** No fields. The session goes on under a new token; every other one ends. Errors: `email-link-over`, `email-taken`. */
export default page({
  who: { is: 'user' },
  limit: { name: 'email-confirm', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const state = await emailChangeState(visit.ctx, visit.user.userId, visit.params['token'] ?? '');
    return state.is === 'open' ? show(picture(visit, state.email)) : show(over(visit, state.is), statusOf(state.is));
  },

  post: async ({ ctx, actor, user, params }) => {
    await confirmEmailChange(ctx, actor, user, params['token'] ?? '');
    return renew('user', '/user/profile', { tone: 'success', key: 'people.email.confirmed' });
  },
});

type Over = Exclude<EmailChangeState['is'], 'open'>;

function statusOf(why: Over): number {
  if (why === 'foreign') return 403;
  return why === 'unknown' ? 404 : 410;
}

function picture({ frame, user, errors }: OwnVisit, email: string): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('people.email.confirm.title'),
    intro: t('people.email.confirm.intro'),
    errors,
    body: card({
      body: html`${definitions(frame, [
        { term: t('people.email.present'), value: user.email },
        { term: t('people.email.fresh'), value: email },
      ])}${form(frame, {
        errors,
        body: html`<p class="mt-3">${t('people.email.confirm.text')}</p>`,
        button: t('people.email.confirm.button'),
        secondary: linkButton({ href: '/user/email', text: t('people.email.confirm.not-now') }),
      })}`,
    }),
  });
}

function over({ frame, user }: OwnVisit, why: Over): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('people.email.confirm.title'),
    body: card({
      body: refusal(frame, {
        what: t(`people.email.over.${why}`),
        why: t(`people.email.over.${why}-why`, { address: user.email }),
        next: linkButton({ href: '/user/email', text: t('people.email.over.again'), tone: 'primary' }),
      }),
    }),
  });
}
