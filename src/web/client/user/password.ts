// Changing one's own password. Every other session ends, and this browser goes on under a new token, so that a stolen
// cookie of this very session is dead too (ASVS 5.0 V7.4.3; behaviours.md, section 15, number 4).

import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { changeOwnPassword } from '#domain/login/own-password.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { page, renew, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Fields: current, password. Ten tries an hour (domain/login). */
export default page({
  who: { is: 'user' },

  get: async (visit) => {
    const { hasPassword } = await userOf(visit.ctx, visit.user.userId);
    return show(hasPassword ? picture(visit, await settingOf(visit.ctx, passwordMinimumLength)) : firstPicture(visit));
  },

  post: async ({ ctx, actor, user, form: typed }) => {
    await changeOwnPassword(ctx, actor, user.userId, {
      current: typed.text('current'),
      fresh: typed.text('password'),
      keepSessionId: user.sessionId,
    });
    return renew('user', '/user/password', { tone: 'success', key: 'client.password.saved' });
  },
});

function picture({ frame, user, errors }: OwnVisit, minimum: number): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.password.title'),
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
          })}${passwordField(frame, {
            name: 'password',
            label: t('client.password.fresh'),
            help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum }),
            errors,
            required: true,
            autocomplete: 'new-password',
          })}`,
        }),
      }),
    ),
  });
}

/** For somebody who came by single sign-on and never chose one: there is nothing to ask for here but the letter. */
function firstPicture({ frame }: OwnVisit): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.password.title'),
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
