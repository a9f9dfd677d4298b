// The password, on the overview of one's own sign-in.

import { findHolderById, personOfHolder } from '#domain/login/holder.ts';
import { inSession } from '#web/own-side.ts';
import type { SectionOf } from '#web/security-section.ts';

/** Where it is changed, or that there is none yet. */
export const passwordSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const held = await findHolderById(visit.ctx, personOfHolder(inSession(visit, side).holder));
  return {
    group: 'signing-in',
    title: t('factors.security.password'),
    text: held?.hash === undefined ? t('factors.security.password.none-text') : t('factors.security.password.text'),
    link: side.kind === 'user' ? '/user/password' : '/admin/account/password',
  };
};
