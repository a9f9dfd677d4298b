// Declines an invitation. Whoever holds the link may: it is the addressee's, and nothing is gained by it.

import type { OpenInvitation } from '#domain/access/invitation-answers.ts';
import { declineInvitation, findOpenInvitation } from '#domain/access/invitation-answers.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invitationOver } from '#web/invitation-over.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** Errors: `invitation-over`. Opening the address spends nothing. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'invite', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const invitation = await findOpenInvitation(visit.ctx, visit.params['token'] ?? '');
    return invitation ? show(picture(visit, invitation)) : show(invitationOver(visit.frame), 404);
  },

  post: async (visit) => {
    await declineInvitation(visit.ctx, visit.params['token'] ?? '', visit.ip);
    return goTo(visit.user ? '/' : '/login', { tone: 'success', key: 'access.decline.done' });
  },
});

function picture({ frame, params }: Visit, invitation: OpenInvitation): Html {
  const { t } = frame;
  const names = { inviter: invitation.invitedBy || frame.brand.name, account: invitation.accountName };
  return entranceRoom(frame, {
    title: t('access.decline.title', names),
    intro: t('access.decline.text', names),
    body: form(frame, { button: t('access.decline.button'), tone: 'danger', body: html`` }),
    wayOut: html`<p><a href="/invite/${params['token'] ?? ''}">${t('access.decline.back')}</a></p>`,
  });
}
