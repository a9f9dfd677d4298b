// Lifts a ban.

import { liftBan } from '#domain/guard/bans.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath, may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Unban Banned IP' },
  post: async (visit): Promise<Answer> => {
    await liftBan(visit.ctx, visit.actor, idInPath(visit, 'id', 'ban-not-found'));
    return goTo(may(visit, 'View Banned IPs') ? '/admin/bans' : '/admin', {
      tone: 'success',
      key: 'admin.bans.lifted',
    });
  },
});
