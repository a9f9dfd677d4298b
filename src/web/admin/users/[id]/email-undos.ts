// The earlier addresses that a user may still put back, and withdrawing that: an address with a slip of the keyboard was
// never theirs, and whoever reads it must not get their sign-in.

import type { EmailUndo } from '#domain/users/email-undos.ts';
import { openEmailUndos, withdrawEmailUndos } from '#domain/users/email-undos.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { empty } from '#web/parts/empty.ts';
import { table } from '#web/parts/table.ts';
import { dateTime } from '#web/parts/time.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, keepingWay, userStep, wayBack } from '#web/user-step.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(picture(visit, file, await openEmailUndos(visit.ctx, file.user.id)));
  },
  post: withdraw,
});

async function withdraw(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await withdrawEmailUndos(visit.ctx, visit.actor, file.user.id);
  return goBack(visit, file, 'people.undos.withdrawn');
}

function picture(visit: Visit, file: UserFile, undos: readonly EmailUndo[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  return userStep(visit, {
    title: t('people.undos.title', { name: file.name }),
    intro: t('people.undos.intro'),
    back,
    body: stack(
      card({
        flush: table<EmailUndo>(frame, {
          caption: t('people.undos.caption'),
          rows: undos,
          empty: empty({ icon: 'mail', title: t('people.undos.none') }),
          columns: [
            { heading: t('people.undos.address'), kind: 'name', cell: (one) => one.email },
            { heading: t('people.undos.left'), cell: (one) => dateTime(frame, one.createdAt) },
            { heading: t('people.undos.until'), cell: (one) => dateTime(frame, one.expiresAt) },
          ],
        }),
      }),
      undos.length > 0 &&
        card({
          tone: 'danger',
          body: confirmation(frame, {
            action: keepingWay(visit),
            losses: [t('people.undos.loss', { count: undos.length })],
            kept: t('people.undos.kept'),
            button: t('people.undos.button'),
            cancel: { href: back.href, text: t('admin.client.cancel') },
          }),
        }),
    ),
  });
}
