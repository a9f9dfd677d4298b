// Deletes a user who has no client (behaviours.md 2.8). Fields: confirm (the e-mail address, typed).

import { linkedAccountsOf } from '#domain/access/accounts.ts';
import { deleteUser } from '#domain/access/deletion.ts';
import type { Html } from '#kit/html.ts';
import { conflict, invalid } from '#kit/problem.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { isTypedName, may, shortName } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Delete Users' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    const accounts = await linkedAccountsOf(visit.ctx, file.user.id);
    return show(picture(visit, file, accounts.length));
  },
  post: remove,
});

async function remove(visit: Visit): Promise<Answer> {
  const { ctx, actor, form } = visit;
  const { user, name } = await userFileOf(visit);
  if ((await linkedAccountsOf(ctx, user.id)).length > 0) throw conflict('user-has-clients');
  if (!isTypedName(form.text('confirm'), user.email)) throw invalid({ confirm: 'confirm-wrong' });
  await deleteUser(ctx, actor, user.id);
  const to = may(visit, 'List Users') ? '/admin/users' : '/admin';
  return goTo(to, { tone: 'success', key: 'admin.user.deletion.done', values: { name } });
}

function picture(visit: Visit, file: UserFile, accounts: number): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  const title = t('admin.user.deletion.title', { name: file.name });
  if (accounts > 0)
    return userStep(visit, { title, back, body: remark({ tone: 'info', body: t('errors.user-has-clients') }) });
  return userStep(visit, {
    title,
    intro: t('admin.client.deletion.text'),
    back,
    body: card({
      body: confirmation(frame, {
        losses: [t('admin.user.deletion.person'), t('admin.user.deletion.credentials')],
        kept: t('admin.user.deletion.kept'),
        errors,
        typeName: file.user.email,
        button: t('admin.user.deletion.title', { name: shortName(file.name) }),
        cancel: { href: back.href, text: t('admin.client.cancel') },
      }),
    }),
  });
}
