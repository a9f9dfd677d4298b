// Leads to a place of this account: a page of ours, or the address that the operator entered for it.

import { may, reachesService } from '#domain/access/members.ts';
import { requireProvenToOrder } from '#domain/verification/verification.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
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
    if (opensTo === 'orders') await requireProvenToOrder(ctx, user.userId);
    const id = idIn(query['id']);
    if ('of' in place && place.of === 'service' && !reachesService(member, id)) throw notAllowed('service-not-reached');
    const target = await placeTarget(ctx, place, { clientId: client.id, userId: user.userId }, id);
    if (target !== undefined) return goTo(target);
    return goTo(`/account/${client.id}`, { tone: 'info', key: 'client.go.nothing-there' });
  },
});
