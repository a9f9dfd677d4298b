// The pages of a member of staff about themselves, as tabs.

import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { tabs } from '#web/parts/tabs.ts';
import { may } from '#web/staff.ts';

/** The tabs; details only for roles that hold `My Account` (behaviours.md 4.6). */
export function accountTabs(visit: Visit): Html {
  const { t } = visit.frame;
  return tabs(visit.frame, {
    label: t('admin.account.title'),
    items: [
      ...(may(visit, 'My Account') ? [{ href: '/admin/account', text: t('admin.account.details') }] : []),
      { href: '/admin/account/security', text: t('factors.security.menu') },
      { href: '/admin/account/password', text: t('admin.account.password') },
      { href: '/admin/account/sessions', text: t('admin.account.sessions') },
    ],
  });
}
