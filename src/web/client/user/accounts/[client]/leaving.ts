// Gives up one's own access to an account. Also where one may not enter it at this moment: before its time, or for want of
// a second factor.

import { leaveAccount } from '#domain/access/member-changes.ts';
import { findMembership } from '#domain/access/members.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { Html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { idIn } from '#web/places.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;
type Left = { readonly client: Client; readonly isOwner: boolean };

/** An account that one does not belong to is not found, like one that does not exist. */
export default page({
  who: { is: 'user' },

  get: async (visit) => show(picture(visit, await accountIn(visit))),

  post: async (visit) => {
    const { client } = await accountIn(visit);
    await leaveAccount(visit.ctx, visit.actor, visit.user.userId, client.id);
    return goTo('/', { tone: 'success', key: 'access.leaving.done', values: { account: displayName(client) } });
  },
});

async function accountIn({ ctx, user, params }: OwnVisit): Promise<Left> {
  const id = idIn(params['client']) ?? 0;
  const member = await findMembership(ctx, user.userId, id);
  const client = member && (await findClient(ctx, id));
  if (!client) throw notFound('account-not-found');
  return { client, isOwner: member.isOwner };
}

function picture(visit: OwnVisit, { client, isOwner }: Left): Html {
  const { frame } = visit;
  const { t } = frame;
  const account = displayName(client);
  const back = { href: `/account/${client.id}`, text: account };
  return clientRoom(frame, {
    title: t('access.leaving.title', { account }),
    back,
    body: isOwner
      ? remark({ tone: 'info', body: t('errors.owner-cannot-leave') })
      : card({
          body: confirmation(frame, {
            losses: [t('access.leaving.loss', { account }), t('access.leaving.loss-invitations')],
            kept: t('access.leaving.kept'),
            button: t('access.leaving.button'),
            cancel: { href: back.href, text: t('access.leaving.cancel') },
          }),
        }),
  });
}
