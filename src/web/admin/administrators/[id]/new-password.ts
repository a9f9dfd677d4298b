// Asks an administrator for a new password at their next sign-in: somebody may know the one they have.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { requireNewAdministratorPassword } from '#domain/login/new-password-needed.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { staffName } from '#web/administrator-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

/** No fields. Whose role holds more than one's own is refused by the domain. */
export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,
  get: async (visit) => {
    const one = await administratorIn(visit);
    return show(picture(visit, one, (await sessionsOf(visit.ctx, { administratorId: one.id })).length));
  },
  post: async (visit) => {
    const one = await administratorIn(visit);
    await requireNewAdministratorPassword(visit.ctx, visit.actor, one.id);
    return goTo(hrefOf(one), { tone: 'success', key: 'passwords.user.require.done', values: { name: staffName(one) } });
  },
});

async function administratorIn(visit: Visit): Promise<Administrator> {
  return administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
}

function picture({ frame }: Visit, one: Administrator, sessions: number): Html {
  const { t } = frame;
  const name = staffName(one);
  const effect = t('passwords.user.require.effect', { count: sessions, address: one.email });
  const already = one.mustChangePassword && html`<p>${t('passwords.user.require.already')}</p>`;
  return adminRoom(frame, {
    title: t('passwords.user.require.title', { name }),
    back: { href: hrefOf(one), text: name },
    body: one.hasPassword
      ? card({
          body: form(frame, {
            button: t('passwords.user.require.button'),
            secondary: linkButton({ href: hrefOf(one), text: t('admin.administrators.cancel') }),
            body: html`<p>${t('passwords.user.require.text', { name })}</p><p>${effect}</p>${already}`,
          }),
        })
      : remark({ tone: 'info', body: t('errors.no-password-yet') }),
  });
}

function hrefOf(one: Administrator): string {
  return `/admin/administrators/${one.id}`;
}
