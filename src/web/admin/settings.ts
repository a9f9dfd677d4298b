// The areas of the settings, and the pages of those that have one of their own.

import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { settingLabel } from '#web/setting-field.ts';
import { OWN_PAGES, SETTING_AREAS, sectionsOf } from '#web/setting-sections.ts';

export default page({
  who: { is: 'staff', permission: 'Configure General Settings' },
  get: async (visit) => show(picture(visit)),
});

function picture(visit: Visit): Html {
  const { frame, ctx } = visit;
  const { t } = frame;
  const areas = SETTING_AREAS.map((area) => ({
    href: `/admin/settings/${area}`,
    title: t(`settings.area.${area}`),
    text: sectionsOf(ctx.settings, area)
      .map((section) => t(`admin.settings.section.${section.name}`))
      .join(' · '),
  }));
  const apart = Object.entries(OWN_PAGES).map(([name, href]) => ({ href, title: settingLabel(frame, name) }));
  return adminRoom(frame, {
    title: t('admin.settings.title'),
    body: stack(card({ flush: linkList(areas) }), card({ title: t('admin.settings.apart'), flush: linkList(apart) })),
  });
}
