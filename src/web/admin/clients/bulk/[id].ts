// How far a change to many clients has come: how many were changed, and who was refused and why.

import { displayName } from '#domain/clients/client-profile.ts';
import { clientsOf } from '#domain/clients/clients.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { BulkAct, BulkTask, Refusal } from '#domain/lists/bulk-tasks.ts';
import { bulkTaskOf, stopBulkTask } from '#domain/lists/bulk-tasks.ts';
import type { Html } from '#kit/html.ts';
import { isKey } from '#src/locales/words.ts';
import { filterWords, groupWords, staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

/** Posting stops it. Another administrator's task is not there. */
export default page({
  who: { is: 'staff', permission: 'List Clients' },
  get: async (visit) => show(await picture(visit, await taskInPath(visit))),
  post: async (visit) => {
    const { id } = await taskInPath(visit);
    await stopBulkTask(visit.ctx, staffActor(visit), id);
    return goTo(`/admin/clients/bulk/${id}`, { tone: 'success', key: 'lists.bulk.stopped' });
  },
});

function taskInPath(visit: Visit): Promise<BulkTask> {
  return bulkTaskOf(visit.ctx, staffActor(visit).administratorId, idInPath(visit, 'id', 'bulk-task-not-found'));
}

type Named = Refusal & { readonly name: string };

async function picture(visit: Visit, task: BulkTask): Promise<Html> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const groups = await listGroups(ctx);
  const clients = await clientsOf(
    ctx,
    task.refusals.map((one) => one.clientId),
  );
  const refusals = task.refusals.map((one) => {
    const client = clients.get(one.clientId);
    return { ...one, name: client ? displayName(client) : String(one.clientId) };
  });
  return adminRoom(frame, {
    title: t('lists.bulk.title'),
    intro: actWords(frame, task.act, groups),
    back: { href: '/admin/clients', text: t('admin.clients.title') },
    actions: task.endedAt === undefined ? againAndStop(visit, task) : undefined,
    body: stack(
      card({ body: facts(frame, task, groups) }),
      card({ title: t('lists.bulk.refused'), flush: refusalTable(visit, task, refusals) }),
    ),
  });
}

function againAndStop({ frame }: Visit, task: BulkTask): Html {
  const { t } = frame;
  return stack(
    linkButton({ href: `/admin/clients/bulk/${task.id}`, text: t('lists.bulk.look-again'), icon: 'refresh' }),
    postButton(frame, { text: t('lists.bulk.stop'), tone: 'danger' }),
  );
}

function facts(frame: Frame, task: BulkTask, groups: readonly ClientGroup[]): Html {
  const { t, formatNumber } = frame;
  const whom =
    task.chosen === undefined
      ? filterWords(frame, task.filter, groups)
      : t('lists.bulk.ticked', { count: task.chosen });
  return definitions(frame, [
    { term: t('lists.bulk.state'), value: stateOf(frame, task) },
    { term: t('lists.bulk.whom'), value: whom },
    { term: t('lists.bulk.changed'), value: formatNumber(task.changed) },
    { term: t('lists.bulk.unchanged'), value: formatNumber(task.unchanged) },
    { term: t('lists.bulk.refused'), value: formatNumber(task.refused) },
    { term: t('lists.bulk.begun'), value: dateTime(frame, task.createdAt) },
  ]);
}

function stateOf({ t }: Frame, { endedAt, endedWhy }: BulkTask): Html {
  if (endedAt === undefined) return status('waiting', t('lists.bulk.state.running'));
  if (endedWhy === 'done') return status('good', t('lists.bulk.state.done'));
  return status('bad', t(endedWhy === 'stopped' ? 'lists.bulk.state.stopped' : 'lists.bulk.state.not-allowed'));
}

function refusalTable(visit: Visit, task: BulkTask, refusals: readonly Named[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
  return table<Named>(frame, {
    caption: t('lists.bulk.refused'),
    rows: refusals,
    empty: empty({
      title: t(task.endedAt === undefined ? 'lists.bulk.nobody-refused-yet' : 'lists.bulk.nobody-refused'),
      icon: 'circle-check',
    }),
    columns: [
      {
        heading: t('admin.clients.name'),
        kind: 'name',
        cell: (one) => one.name,
        href: (one) => (open ? `/admin/clients/${one.clientId}` : undefined),
      },
      { heading: t('lists.bulk.why'), cell: (one) => reasonOf(frame, one.code) },
    ],
  });
}

function reasonOf({ t }: Frame, code: string): string {
  const key = `errors.${code}`;
  return isKey(key) ? t(key) : code;
}

function actWords(frame: Frame, act: BulkAct, groups: readonly ClientGroup[]): string {
  const { t } = frame;
  switch (act.is) {
    case 'group':
      return act.groupId === 0
        ? t('lists.bulk.no-group')
        : t('lists.bulk.to-group', { name: groupWords(frame, act.groupId, groups) });
    case 'status':
      return t('lists.bulk.to-status', { status: t(`admin.clients.status.${act.status}`) });
    case 'close':
      return t('lists.bulk.close');
  }
}
