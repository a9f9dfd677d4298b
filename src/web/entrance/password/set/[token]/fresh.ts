// A fresh link in place of one that opens nothing any more, to the mailbox that got that one. Only for whoever has a link
// that was ours; where they have a security question, it is asked as at the front door.

import { sendFreshPasswordLink, userOfDeadLink } from '#domain/login/forgotten-password.ts';
import { passwordLinkState } from '#domain/login/password-links.ts';
import { questionAskedOf } from '#domain/login/security-question.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { answerField } from '#web/reset-parts.ts';

/** Fields: answer, where there is a question. How often is counted by domain/login, as for the form that asks for an address. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'password-fresh', most: 30, withinMs: minutes(60) },

  get: async (visit) => {
    const token = visit.params['token'] ?? '';
    const state = await passwordLinkState(visit.ctx, token);
    if (!('fresh' in state) || state.fresh === undefined) return goTo(`/password/set/${encodeURIComponent(token)}`);
    const userId = await userOfDeadLink(visit.ctx, token);
    const question = userId === undefined ? undefined : await questionAskedOf(visit.ctx, userId);
    return show(picture(visit, state.fresh, question?.text));
  },

  post: async (visit) => {
    const token = visit.params['token'] ?? '';
    const state = await passwordLinkState(visit.ctx, token);
    const login = 'side' in state && state.side === 'administrator' ? '/admin/login' : '/login';
    const address = await sendFreshPasswordLink(visit.ctx, token, visit.form.text('answer'), visit.ip);
    return goTo(login, { tone: 'success', key: 'passwords.link.fresh.sent', values: { address } });
  },
});

function picture({ frame, errors, params }: Visit, address: string, question: string | undefined): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('passwords.link.fresh.title'),
    errors,
    body: form(frame, {
      errors,
      button: t('passwords.link.fresh.button'),
      body: html`<p class="text-break">${t('passwords.link.fresh.text', { address })}</p>${
        question !== undefined && answerField(frame, question, { errors, required: true })
      }`,
    }),
    wayOut: html`<a href="/password/set/${encodeURIComponent(params['token'] ?? '')}">${t('passwords.own.cancel')}</a>`,
  });
}
