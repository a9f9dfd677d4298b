// The remark while somebody may still do without the second factor that is asked of them: until when, and where to set one up.

import { factorDueAt } from '#domain/credentials/factors.ts';
import type { Html } from '#kit/html.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { remark } from '#web/parts/notice.ts';

/** The remark; undefined where nothing is asked of this person, or they have a factor. `linked` unless it stands there already. */
export async function graceRemark(visit: Visit, side: OwnSide, linked = true): Promise<Html | undefined> {
  const { ctx, frame, user } = visit;
  if (user?.acting) return undefined;
  const dueAt = await factorDueAt(ctx, inSession(visit, side).holder);
  if (dueAt === undefined) return undefined;
  const { t } = frame;
  return remark({
    tone: 'warning',
    body: dueAt > ctx.now() ? t('factors.grace.remark', { date: frame.formatDate(dueAt) }) : t('factors.grace.over'),
    action: linked ? linkButton({ href: side.security, text: t('factors.grace.link'), small: true }) : undefined,
  });
}
