// The owner vouches for somebody of the account who lost their second factors: where all accounts of that person are theirs.

import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import { recoveryWaitingHours } from '#domain/recovery/recovery.settings.ts';
import type { Recovery } from '#domain/recovery/recovery.ts';
import { approveRecovery, declineRecovery, recoveryName, recoveryOf } from '#domain/recovery/recovery.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { peopleLink } from '#web/account-people.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { idIn } from '#web/places.ts';
import { decisionIn, recoveryBody } from '#web/recovery-pages.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;

/** Fields: note; or act=decline. */
export default page({
  who: { is: 'account', permission: 'owner' },
  stepUp: true,

  get: async (visit) => show(picture(visit, await recoveryIn(visit), await settingOf(visit.ctx, recoveryWaitingHours))),

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const { id } = await recoveryIn(visit);
    if (decisionIn(visit) === 'decline') {
      await declineRecovery(ctx, actor, id);
      return goTo(peopleLink(visit).href, { tone: 'info', key: 'recovery.staff.declined' });
    }
    await approveRecovery(ctx, actor, id, { note: typed.text('note') });
    return goTo(peopleLink(visit).href, { tone: 'success', key: 'recovery.staff.approved' });
  },
});

/** The recovery of the person in the path. Of somebody for whom this owner cannot vouch there is none, as of a stranger. */
async function recoveryIn({ ctx, user, params }: OwnerVisit): Promise<Recovery> {
  const userId = idIn(params['user']) ?? 0;
  const recovery = (await soleOwnerOver(ctx, userId)) === user.userId ? await recoveryOf(ctx, userId) : undefined;
  if (!recovery) throw notFound('recovery-not-found');
  return recovery;
}

function picture(visit: OwnerVisit, recovery: Recovery, hours: number): Html {
  const { frame, errors } = visit;
  return clientRoom(frame, {
    title: recoveryName(recovery),
    back: peopleLink(visit),
    errors,
    body: recoveryBody(visit, recovery, hours),
  });
}
