// Chooses a password by the link of a letter. Nobody is signed in by it: a second factor, where there is one, is asked for
// at the sign-in that follows.

import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import type { LinkState } from '#domain/login/password-links.ts';
import { passwordLinkState, setPasswordByLink } from '#domain/login/password-links.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/**
 * Fields: password. Errors: those of the password rule, at `password`; `password-link-over`. Opening the address spends
 * nothing, so that programs that look at letters cannot use the link up. Spent by one of any number of posts.
 */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'password-set', most: 60, withinMs: minutes(15) },

  get: async (visit) => answerOf(visit, await passwordLinkState(visit.ctx, visit.params['token'] ?? '')),

  post: async (visit) => {
    const password = visit.form.text('password');
    const side = await setPasswordByLink(visit.ctx, visit.params['token'] ?? '', password, visit.ip);
    const login = side === 'user' ? '/login' : '/admin/login';
    return goTo(login, { tone: 'success', key: 'entrance.set.done' });
  },
});

async function answerOf(visit: Visit, state: LinkState): Promise<Answer> {
  const { t } = visit.frame;
  switch (state.is) {
    case 'open':
      return show(picture(visit, state.address, await settingOf(visit.ctx, passwordMinimumLength)));
    case 'used':
      return show(over(visit, t('entrance.set.used'), t('entrance.set.used-why')), 410);
    case 'expired':
      return show(over(visit, t('entrance.set.expired'), t('entrance.set.expired-why')), 410);
    case 'unknown':
      return show(over(visit, t('entrance.set.unknown'), t('entrance.set.unknown-why')), 404);
  }
}

function picture({ frame, errors }: Visit, address: string, minimum: number): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('entrance.set.title'),
    intro: t('entrance.set.intro', { address }),
    errors,
    body: form(frame, {
      errors,
      button: t('entrance.set.button'),
      body: passwordField(frame, {
        name: 'password',
        label: t('entrance.password.label'),
        help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum }),
        errors,
        required: true,
        autocomplete: 'new-password',
        enterkeyhint: 'done',
        autofocus: true,
      }),
    }),
  });
}

/** The link opens nothing: why, and how to get a fresh one. */
function over({ frame }: Visit, title: string, why: string): Html {
  return entranceRoom(frame, {
    title,
    body: refusal(frame, {
      what: why,
      next: linkButton({ href: '/password/reset', text: frame.t('entrance.set.fresh'), tone: 'primary' }),
    }),
    wayOut: html`<a href="/login">${frame.t('entrance.reset.back')}</a>`,
  });
}
