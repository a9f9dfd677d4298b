// The sessions, on the overview of one's own sign-in.

import { sessionsOf } from '#domain/sessions/sessions.ts';
import { inSession } from '#web/own-side.ts';
import type { SectionOf } from '#web/security-section.ts';

/** Where they are listed and ended, and how many there are. */
export const sessionsSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const { id } = inSession(visit, side).holder;
  const sessions = await sessionsOf(visit.ctx, side.kind === 'user' ? { userId: id } : { administratorId: id });
  return {
    group: 'devices',
    title: t('client.sessions.title'),
    text: t('factors.security.sessions.text', { count: sessions.length }),
    link: side.kind === 'user' ? '/user/sessions' : '/admin/account/sessions',
  };
};
