// Lets a domain or an address in again.

import { bannedEmailOf, unbanEmail } from '#domain/guard/banned-emails.ts';
import { html } from '#kit/html.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/banned-emails';

export default page({
  who: { is: 'staff', permission: 'Configure Banned Emails' },

  get: async (visit) => {
    const { frame } = visit;
    const { t } = frame;
    const one = await bannedEmailOf(visit.ctx, idInPath(visit, 'id', 'banned-email-not-found'));
    return show(
      adminRoom(frame, {
        title: t('registration.banned.remove.title', { pattern: one.pattern }),
        back: { href: LIST, text: t('registration.banned.title') },
        body: card({
          body: form(frame, {
            button: t('registration.banned.remove'),
            secondary: linkButton({ href: LIST, text: t('registration.cancel') }),
            body: html`<p>${t('registration.banned.remove.text', { hits: one.hits })}</p>`,
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    const id = idInPath(visit, 'id', 'banned-email-not-found');
    const pattern = await unbanEmail(visit.ctx, visit.actor, id);
    return goTo(LIST, { tone: 'success', key: 'registration.banned.removed', values: { pattern } });
  },
});
