// The security question, on the overview of one's own sign-in: for customers, where the operator asks such questions.

import { areQuestionsAsked } from '#domain/credentials/security-questions.ts';
import { questionAskedOf } from '#domain/login/security-question.ts';
import { inSession } from '#web/own-side.ts';
import { status } from '#web/parts/status.ts';
import type { SectionOf } from '#web/security-section.ts';

/** Where one is chosen, and whether one is. */
export const questionSection: SectionOf = async (visit, side) => {
  if (side.kind !== 'user' || !(await areQuestionsAsked(visit.ctx))) return undefined;
  const { t } = visit.frame;
  const own = await questionAskedOf(visit.ctx, inSession(visit, side).holder.id);
  return {
    group: 'recovery',
    title: t('passwords.own.title'),
    text: t('passwords.own.link.text'),
    status: own ? status('good', t('factors.security.on')) : status('quiet', t('factors.security.off')),
    link: '/user/security-question',
  };
};
