// The overview of one's own sign-in: what there is, how it stands, and the page of each. Both sides share the picture.

import type { Html } from '#kit/html.ts';
import { accountTabs } from '#web/account-tabs.ts';
import { graceRemark } from '#web/factor-grace.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import type { SecurityGroup, SecuritySection } from '#web/security-section.ts';
import { SECURITY_GROUPS } from '#web/security-section.ts';
import { securitySections } from '#web/security-sections.ts';

/** Draws it. */
export async function securityOverview(visit: Visit, side: OwnSide): Promise<Html> {
  const { frame } = visit;
  const { t } = frame;
  const sections = await securitySections(visit, side);
  const groups = SECURITY_GROUPS.map((group) =>
    groupCard(
      visit,
      group,
      sections.filter((one) => one.group === group),
    ),
  );
  const body = stack(await graceRemark(visit, side, false), ...groups);
  if (side.kind === 'user')
    return side.room(frame, { title: t('factors.security.title'), intro: t('factors.security.intro'), body });
  return side.room(frame, {
    title: t('factors.security.title'),
    heading: t('admin.account.title'),
    tabs: accountTabs(visit),
    body,
  });
}

function groupCard({ frame }: Visit, group: SecurityGroup, sections: readonly SecuritySection[]): Html | undefined {
  if (sections.length === 0) return undefined;
  return card({
    title: frame.t(`factors.security.group.${group}`),
    flush: linkList(sections.map(({ link, title, text, status }) => ({ href: link, title, text, mark: status }))),
  });
}
