// Staff vouch for somebody who lost their second factors, or say no.

import { recoveryWaitingHours } from '#domain/recovery/recovery.settings.ts';
import type { Recovery } from '#domain/recovery/recovery.ts';
import { approveRecovery, declineRecovery, recoveryById, recoveryName } from '#domain/recovery/recovery.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { decisionIn, recoveryBody } from '#web/recovery-pages.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/recoveries';

/** Fields: note; or act=decline. */
export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  stepUp: true,

  get: async (visit) => {
    const recovery = await recoveryById(visit.ctx, idInPath(visit, 'id', 'recovery-not-found'));
    return show(picture(visit, recovery, await settingOf(visit.ctx, recoveryWaitingHours)));
  },

  post: async (visit) => {
    const { ctx, actor, form: typed } = visit;
    const id = idInPath(visit, 'id', 'recovery-not-found');
    if (decisionIn(visit) === 'decline') {
      await declineRecovery(ctx, actor, id);
      return goTo(LIST, { tone: 'info', key: 'recovery.staff.declined' });
    }
    await approveRecovery(ctx, actor, id, { note: typed.text('note') });
    return goTo(LIST, { tone: 'success', key: 'recovery.staff.approved' });
  },
});

function picture(visit: Visit, recovery: Recovery, hours: number): Html {
  const { frame, errors } = visit;
  return adminRoom(frame, {
    title: recoveryName(recovery),
    back: { href: LIST, text: frame.t('recovery.staff.title') },
    errors,
    body: recoveryBody(visit, recovery, hours),
  });
}
