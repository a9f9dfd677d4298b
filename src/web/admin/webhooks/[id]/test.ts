// Sends a webhook a message of no consequence.

import { sendTest } from '#domain/webhooks/webhooks.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';
import { WEBHOOKS } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'webhook-not-found');
    await sendTest(visit.ctx, visit.actor, id);
    return goTo(`${WEBHOOKS}/${id}`, { tone: 'success', key: 'webhooks.tested' });
  },
});
