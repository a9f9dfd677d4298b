// Takes an account elsewhere away from a user, who can no longer sign in with it: for somebody who lost it, or never had it.

import { linkedIdentityOf, unlinkByStaff } from '#domain/login/federation/linked-accounts.ts';
import { html } from '#kit/html.ts';
import { page, show } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, oneButtonStep } from '#web/user-step.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  stepUp: true,

  get: async (visit) => {
    const { t } = visit.frame;
    const file = await userFileOf(visit);
    const id = idInPath(visit, 'account', 'identity-not-found');
    const { linked, isLastWay } = await linkedIdentityOf(visit.ctx, file.user.id, id);
    const provider = linked.provider?.name ?? t('federation.accounts.removed-provider');
    const about = { name: file.name, provider, account: linked.email || '-' };
    return show(
      oneButtonStep(visit, file, {
        title: t('federation.staff.title', { name: file.name, provider }),
        body: html`<p>${t('federation.staff.text', about)}</p><p>${t('federation.staff.effect', { address: file.user.email })}</p>${
          isLastWay && html`<p>${t('federation.staff.last', { name: file.name })}</p>`
        }`,
        button: t('federation.accounts.unlink'),
        tone: 'danger',
      }),
    );
  },

  post: async (visit) => {
    const file = await userFileOf(visit);
    const id = idInPath(visit, 'account', 'identity-not-found');
    const provider = await unlinkByStaff(visit.ctx, visit.actor, file.user.id, id);
    return goBack(visit, file, 'federation.staff.done', { provider, name: file.name });
  },
});
