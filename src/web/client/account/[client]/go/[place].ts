// Leads to a place of this account: a page of ours, or the address that the operator entered for it.

import { may } from '#domain/access/members.ts';
import { notFound } from '#kit/problem.ts';
import { accessMissing } from '#web/access-missing.ts';
import { goTo, page } from '#web/page.ts';
import { findPlace, idIn, placeTarget } from '#web/places.ts';

/** Query: id (of a service or domain). Refuses whoever lacks the place's permission. A place that is nowhere yet leads home. */
export default page({
  who: { is: 'account', permission: 'any' },

  get: async ({ ctx, frame, account, user, params, query }) => {
    const { client, member } = account;
    const place = findPlace(params['place'] ?? '');
    if (!place) throw notFound('page-not-found');
    const { opensTo } = place;
    if (opensTo !== 'public' && opensTo !== 'member' && !may(member, opensTo))
      throw await accessMissing(ctx, frame, client.id, opensTo);
    const target = await placeTarget(ctx, place, { clientId: client.id, userId: user.userId }, idIn(query['id']));
    if (target !== undefined) return goTo(target);
    return goTo(`/account/${client.id}`, { tone: 'info', key: 'client.go.nothing-there' });
  },
});
