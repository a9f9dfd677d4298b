// Sends a letter with examples to whoever asks, at their own address.

import { sendExample } from '#domain/correspondence/staff-letters.ts';
import { minutes } from '#kit/duration.ts';
import { LETTER_TEMPLATES, languageInPath, templateInPath } from '#web/letter-template-parts.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';

export default page({
  who: { is: 'staff', permission: 'Create/Edit Email Templates' },
  limit: { name: 'letter-example', most: 30, withinMs: minutes(10) },
  post: async (visit): Promise<Answer> => {
    const template = await templateInPath(visit);
    const { code } = languageInPath(visit);
    const address = await sendExample(visit.ctx, visit.actor, template.id, code);
    return goTo(`${LETTER_TEMPLATES}/${template.id}/${code}`, {
      tone: 'success',
      key: 'templates.test.done',
      values: { address },
    });
  },
});
