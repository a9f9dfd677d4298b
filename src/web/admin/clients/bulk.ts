// One change to many clients: says how many, asks what to do with them, and begins it.

import { displayName } from '#domain/clients/client-profile.ts';
import { clientsOf } from '#domain/clients/clients.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { BulkAct, BulkChoice } from '#domain/lists/bulk-tasks.ts';
import { beginBulkTask, MOST_CHOSEN, permissionFor, workOnBulkTask } from '#domain/lists/bulk-tasks.ts';
import { rowsToExport } from '#domain/lists/exports.ts';
import { filterIn } from '#domain/lists/filters.ts';
import type { Html } from '#kit/html.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { invalid } from '#kit/problem.ts';
import { countWords, filterWords, listHref, staffActor } from '#web/list-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import type { Choice } from '#web/parts/choice.ts';
import { selectField } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { pickedIds } from '#web/parts/selection.ts';
import { may, requirePermission } from '#web/staff.ts';

const NAMES_SHOWN = 10;
/** So many are changed before the answer; the job does the rest. */
const AT_ONCE = 100;

/** Query: `pick-<id>` for each that was ticked, or `of=filter` with the list's filter. Fields: act. */
export default page({
  who: { is: 'staff', permission: 'List Clients' },
  get: async (visit) => show(await picture(visit)),
  post: begin,
});

async function begin(visit: Visit): Promise<Answer> {
  if (choices(visit, []).length === 0) requirePermission(visit, 'Edit Clients Details');
  const act = actIn(visit.form.text('act'));
  if (!act) throw invalid({ act: 'bulk-act-missing' });
  const id = await beginBulkTask(visit.ctx, staffActor(visit), act, choiceOf(visit));
  await workOnBulkTask(visit.ctx, id, AT_ONCE);
  return goTo(`/admin/clients/bulk/${id}`);
}

function choiceOf(visit: Visit): BulkChoice {
  if (visit.query['of'] === 'filter') return { filter: filterIn('clients', visit.query) };
  return { ids: pickedIds(visit.query) };
}

/** What a choice of the list means: `group:3`, `status:Active`, `close`. */
function actIn(text: string): BulkAct | undefined {
  if (text === 'close') return { is: 'close' };
  if (text === 'status:Active') return { is: 'status', status: 'Active' };
  if (text === 'status:Inactive') return { is: 'status', status: 'Inactive' };
  const group = /^group:(\d{1,15})$/.exec(text)?.[1];
  return group === undefined ? undefined : { is: 'group', groupId: Number(group) };
}

/** What the visitor's role lets them do. */
function choices(visit: Visit, groups: readonly ClientGroup[]): Choice[] {
  const { t } = visit.frame;
  const all: (Choice & { readonly act: BulkAct })[] = [
    ...(['Active', 'Inactive'] as const).map((status) => ({
      act: { is: 'status', status } as const,
      value: `status:${status}`,
      text: t('lists.bulk.to-status', { status: t(`admin.clients.status.${status}`) }),
    })),
    ...groups.map(({ id, name }) => ({
      act: { is: 'group', groupId: id } as const,
      value: `group:${id}`,
      text: t('lists.bulk.to-group', { name }),
    })),
    { act: { is: 'group', groupId: 0 }, value: 'group:0', text: t('lists.bulk.no-group') },
    { act: { is: 'close' }, value: 'close', text: t('lists.bulk.close') },
  ];
  return all.filter(({ act }) => may(visit, permissionFor(act))).map(({ value, text }) => ({ value, text }));
}

type Chosen = { readonly count: CappedCount; readonly words: string };

async function chosen(visit: Visit, groups: readonly ClientGroup[]): Promise<Chosen> {
  const choice = choiceOf(visit);
  if ('filter' in choice) {
    const count = await rowsToExport(visit.ctx, 'clients', choice.filter);
    return { count, words: filterWords(visit.frame, choice.filter, groups) };
  }
  const clients = [...(await clientsOf(visit.ctx, choice.ids.slice(0, MOST_CHOSEN))).values()];
  const names = clients.slice(0, NAMES_SHOWN).map(displayName);
  const more = clients.length - names.length;
  const words = more > 0 ? visit.frame.t('lists.bulk.and-more', { names: names.join(', '), more }) : names.join(', ');
  return { count: { count: clients.length, exact: true }, words };
}

async function picture(visit: Visit): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const groups = await listGroups(visit.ctx);
  const { count, words } = await chosen(visit, groups);
  const back = listHref('clients', filterIn('clients', visit.query));
  const room = {
    title: t('lists.bulk.title'),
    back: { href: back, text: t('admin.clients.title') },
    errors,
  };
  if (choices(visit, []).length === 0) {
    const none = empty({ title: t('lists.bulk.nothing'), text: t('lists.bulk.nothing.text'), icon: 'lock' });
    return adminRoom(frame, { ...room, body: card({ flush: none }) });
  }
  if (count.count === 0) {
    const action = linkButton({ href: back, text: t('admin.clients.all') });
    const none = empty({ title: t('lists.bulk.nobody'), text: t('lists.bulk.nobody.text'), icon: 'search', action });
    return adminRoom(frame, { ...room, body: card({ flush: none }) });
  }
  return adminRoom(frame, {
    ...room,
    intro: t('lists.bulk.intro'),
    body: card({
      body: stack(
        definitions(frame, [
          { term: t('lists.bulk.how-many'), value: countWords(frame, count) },
          { term: t('lists.bulk.whom'), value: words },
        ]),
        form(frame, {
          errors,
          body: selectField(frame, {
            name: 'act',
            label: t('lists.bulk.act'),
            help: t('lists.bulk.act.help'),
            errors,
            value: textOr(visit.form, 'act', ''),
            required: true,
            choose: t('lists.bulk.act.choose'),
            choices: choices(visit, groups),
          }),
          button: t('lists.bulk.button', { count: count.count, exact: count.exact ? 'yes' : 'no' }),
          tone: 'danger',
          secondary: linkButton({ href: back, text: t('lists.cancel') }),
        }),
      ),
    }),
  });
}
