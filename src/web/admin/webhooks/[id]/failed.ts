// Sends a webhook everything that failed once more.

import { replayFailed } from '#domain/webhooks/webhooks.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';
import { WEBHOOKS } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'webhook-not-found');
    const count = await replayFailed(visit.ctx, visit.actor, id);
    return goTo(`${WEBHOOKS}/${id}`, { tone: 'success', key: 'webhooks.replayed.failed', values: { count } });
  },
});
