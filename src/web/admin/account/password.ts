// Changing one's own password. Every other session ends, and this browser goes on under a new token, so that a stolen
// cookie of this very session is dead too (ASVS 5.0 V7.4.3).

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import { changeOwnAdministratorPassword } from '#domain/login/own-password.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { accountTabs } from '#web/account-tabs.ts';
import type { Visit } from '#web/page.ts';
import { page, renew, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

/** Fields: current, password. Ten tries an hour (domain/login). */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await newPasswordRule(visit.ctx))),
  post: async ({ ctx, actor, administrator, form: typed }) => {
    await changeOwnAdministratorPassword(ctx, actor, administrator.administratorId, {
      current: typed.text('current'),
      fresh: typed.text('password'),
      keepSessionId: administrator.sessionId,
    });
    return renew('administrator', '/admin/account/password', {
      tone: 'success',
      key: 'admin.account.password.changed',
    });
  },
});

function picture(visit: Visit, rule: PasswordRule): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.account.password'),
    heading: t('admin.account.title'),
    tabs: accountTabs(visit),
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.account.password.button'),
        body: html`<p>${t('admin.account.password.intro')}</p>${passwordField(frame, {
          name: 'current',
          label: t('admin.account.current'),
          errors,
          required: true,
          autocomplete: 'current-password',
          maxlength: 1000,
        })}${passwordField(frame, {
          name: 'password',
          label: t('admin.account.password.fresh'),
          help: t('admin.account.password.help', { minimum: rule.minimum }),
          errors,
          required: true,
          autocomplete: 'new-password',
          rule,
          maxlength: 1000,
        })}`,
      }),
    }),
  });
}
