// Leads to a place of this account: a page of ours, or the address that the operator entered for it.

import type { Account } from '#domain/access/accounts.ts';
import { may, reachesService } from '#domain/access/members.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Acting } from '#domain/sessions/signed-in.ts';
import { requireProvenToOrder } from '#domain/verification/verification.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { accessMissing } from '#web/access-missing.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { findPlace, idIn, placeTarget } from '#web/places.ts';

/** Query: id (of a service or domain). Refuses whoever lacks the place's permission. A place that is nowhere yet leads home. */
export default page({
  who: { is: 'account', permission: 'any' },

  get: async (visit) => {
    const { ctx, frame, account, user, params, query } = visit;
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
    if (target !== undefined) {
      if (user.acting) await forwardActing(visit, user.acting, place.name, target);
      return goTo(target);
    }
    return goTo(`/account/${client.id}`, { tone: 'info', key: 'client.go.nothing-there' });
  },
});

/**
 * Staff in the place of a user go on to another site of the operator's only where they may change something, and that is
 * written down: what they do there, this log does not see.
 */
async function forwardActing(
  { ctx, actor, account }: Visit & { readonly account: Account },
  acting: Acting,
  place: string,
  target: string,
): Promise<void> {
  if (target.startsWith('/')) return;
  if (!acting.mayWrite) throw notAllowed('acting-read-only');
  await audit(ctx, actor, {
    event: 'admin.impersonation.forwarded',
    description: `${acting.name} went on to ${place} at ${new URL(target).host}`,
    clientId: account.client.id,
    details: { place, host: new URL(target).host },
  });
}
