// What happened to a client, and to those that became a part of it, line by line, the newest first.

import type { AuditLine } from '#domain/audit/audit.ts';
import { pageOfLinesAbout } from '#domain/audit/audit.ts';
import { numbersOf } from '#domain/merging/merges.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { activityTable } from '#web/activity.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { pager } from '#web/parts/pager.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE, withQuery } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Activity Log' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const numbers = await numbersOf(visit.ctx, file.client.id);
    const lines = await pageOfLinesAbout(visit.ctx, numbers, placeInList(visit), ROWS_A_PAGE);
    const { t } = visit.frame;
    const search = withQuery('/admin/log', { client: file.client.id });
    return show(
      clientTab(visit, file, {
        tab: t('admin.client.tab.log'),
        actions: linkButton({ href: search, text: t('admin.client.log.search'), icon: 'search' }),
        body: picture(visit, lines),
      }),
    );
  },
});

function picture(visit: Visit, lines: KeysetPage<AuditLine>): Html {
  return card({
    flush: html`${activityTable(visit, lines.rows)}${pager(visit.frame, leafHrefs(visit.path, {}, lines))}`,
  });
}
