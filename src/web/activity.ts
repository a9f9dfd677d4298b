// Lines of the activity log as a table, wherever staff read some of them.

import type { AuditLine } from '#domain/audit/audit.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { empty } from '#web/parts/empty.ts';
import { table } from '#web/parts/table.ts';
import { ago, nothing } from '#web/parts/time.ts';

/** The table of some lines, or that there are none. */
export function activityTable(visit: Visit, lines: readonly AuditLine[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return table(frame, {
    caption: t('admin.client.log.caption'),
    rows: lines,
    empty: empty({ title: t('admin.client.log.empty'), text: t('admin.client.log.empty.text'), icon: 'history' }),
    columns: [
      { heading: t('admin.client.log.what'), kind: 'name', cell: (line) => line.description },
      { heading: t('admin.client.log.who'), cell: (line) => actorWord(visit, line) },
      { heading: t('admin.client.log.ip'), kind: 'short', cell: (line) => line.ip || nothing(frame) },
      { heading: t('admin.client.log.when'), kind: 'short', cell: (line) => ago(frame, line.at) },
    ],
  });
}

function actorWord(visit: Visit, line: AuditLine): string {
  if (line.actorName !== '') return line.actorName;
  return visit.frame.t('admin.client.log.stranger');
}
