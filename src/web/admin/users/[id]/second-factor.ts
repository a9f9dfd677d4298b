// Switches the second factors of a user off, for somebody who lost theirs. Fields: reason.

import { switchOffFactors } from '#domain/login/factor-reset.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { page, show } from '#web/page.ts';
import { switchingOff } from '#web/staff-factor-pages.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  stepUp: true,

  get: async (visit) => {
    const file = await userFileOf(visit);
    const back = wayBack(visit, file);
    const sessions = (await sessionsOf(visit.ctx, { userId: file.user.id })).length;
    const body = await switchingOff(
      visit,
      { kind: 'user', id: file.user.id },
      { name: file.name, sessions, back: back.href },
    );
    return show(userStep(visit, { title: visit.frame.t('factors.staff.title', { name: file.name }), back, body }));
  },

  post: async (visit) => {
    const file = await userFileOf(visit);
    const holder = { kind: 'user', id: file.user.id } as const;
    await switchOffFactors(visit.ctx, visit.actor, holder, { reason: visit.form.text('reason') });
    return goBack(visit, file, 'factors.staff.done');
  },
});
