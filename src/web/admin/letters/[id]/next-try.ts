// Puts a letter that waits for its next try in front.

import { hastenLetter } from '#domain/mail/outbox.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath, may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Mail Queue' },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'letter-not-found');
    await hastenLetter(visit.ctx, visit.actor, id);
    return goTo(may(visit, 'View Email Message Log') ? `/admin/letters/${id}` : '/admin', {
      tone: 'success',
      key: 'admin.letters.hastened',
    });
  },
});
