// Switches the second factors of an administrator off, for somebody who lost theirs and whose role can do no more than the
// visitor's. Fields: reason.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { switchOffFactors } from '#domain/login/factor-reset.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { staffName } from '#web/administrator-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';
import { switchingOff } from '#web/staff-factor-pages.ts';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,

  get: async (visit) => {
    const { frame } = visit;
    const one = await administratorIn(visit);
    const back = { href: hrefOf(one), text: staffName(one) };
    const sessions = (await sessionsOf(visit.ctx, { administratorId: one.id })).length;
    const about = { name: staffName(one), sessions, back: back.href };
    const body = await switchingOff(visit, { kind: 'administrator', id: one.id }, about);
    return show(
      adminRoom(frame, {
        title: frame.t('factors.staff.title', { name: staffName(one) }),
        back,
        body,
        errors: visit.errors,
      }),
    );
  },

  post: async (visit) => {
    const one = await administratorIn(visit);
    const holder = { kind: 'administrator', id: one.id } as const;
    await switchOffFactors(visit.ctx, visit.actor, holder, { reason: visit.form.text('reason') });
    return goTo(hrefOf(one), { tone: 'success', key: 'factors.staff.done', values: { name: staffName(one) } });
  },
});

async function administratorIn(visit: Visit): Promise<Administrator> {
  return administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
}

function hrefOf({ id }: Administrator): string {
  return `/admin/administrators/${id}`;
}
