// Sends a fresh letter of the kind of one in the history, where that makes sense, or one that staff wrote as it was.

import { mayGoAgain, sendAgain } from '#domain/correspondence/client-letters.ts';
import { freshLetterFor, sendFreshLetter } from '#domain/login/fresh-letter.ts';
import { letterOf } from '#domain/mail/outbox.ts';
import { conflict } from '#kit/problem.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath, requirePermission } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Email Message Log' },
  post: async (visit): Promise<Answer> => {
    const letter = await letterOf(visit.ctx, idInPath(visit, 'id', 'letter-not-found'));
    if (mayGoAgain(letter)) {
      requirePermission(visit, 'Mass Mail'); // as for writing to a client
      await sendAgain(visit.ctx, visit.actor, letter.id);
      return goTo('/admin/letters', { tone: 'success', key: 'admin.letters.againSent' });
    }
    const fresh = freshLetterFor(letter);
    if (!fresh) throw conflict('letter-without-fresh');
    requirePermission(visit, fresh.permission);
    await sendFreshLetter(visit.ctx, visit.actor, fresh);
    return goTo('/admin/letters', { tone: 'success', key: 'admin.letters.freshSent' });
  },
});
