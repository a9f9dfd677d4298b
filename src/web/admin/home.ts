// The first page of staff: what needs doing, then what there is. Each part is drawn for those alone whose role opens it.

import { apiAllowedAddresses } from '#domain/administrators/api-access.settings.ts';
import type { AuditLine } from '#domain/audit/audit.ts';
import { pageOfAuditLines } from '#domain/audit/audit.ts';
import { clientsByStatus, pageOfClients } from '#domain/clients/client-pages.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { CLIENT_STATUSES } from '#domain/clients/clients.ts';
import { countLetters } from '#domain/mail/outbox.ts';
import { numberOfFaultyTexts } from '#domain/mail/template-trials.ts';
import { openRecoveries } from '#domain/recovery/recovery.ts';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { countRegistrations } from '#domain/signup/registration-settling.ts';
import { numberOfUsers } from '#domain/users/user-pages.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { activityTable } from '#web/activity.ts';
import { clientStatus, personOf } from '#web/client-profile.ts';
import { graceRemark } from '#web/factor-grace.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { LinkLine } from '#web/parts/card.ts';
import { card, cardGrid, figure, linkList, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { fieldId } from '#web/parts/field-frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';

const NEWEST = 5;
const LATEST = 8;

export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => show(may(visit, 'Main Homepage') ? await home(visit) : await withoutHome(visit)),
});

async function home(visit: Visit): Promise<Html> {
  const { frame } = visit;
  const [grace, tasks, figures, newest, latest] = await Promise.all([
    graceRemark(visit, OWN_STAFF),
    tasksOf(visit),
    figuresOf(visit),
    newestClients(visit),
    latestActivity(visit),
  ]);
  const nothing = tasks.length + figures.length === 0 && !newest && !latest;
  return adminRoom(frame, {
    title: frame.t('admin.home.title'),
    body: stack(
      grace,
      tasks.length > 0 && card({ title: frame.t('admin.home.tasks'), flush: linkList(tasks) }),
      figures.length > 0 && cardGrid(...figures),
      newest && clientsCard(visit, newest),
      latest && activityCard(visit, latest),
      nothing && card({ flush: nothingHere(visit) }),
    ),
  });
}

/** A role that has no home says so, and what it does have, rather than an error at every sign-in (behaviours.md 4.2). */
async function withoutHome(visit: Visit): Promise<Html> {
  const { frame } = visit;
  const { t } = frame;
  const places = [
    may(visit, 'List Clients') && { href: '/admin/clients', title: t('common.admin.clients') },
    may(visit, 'List Users') && { href: '/admin/users', title: t('common.admin.users') },
    may(visit, 'View Email Message Log') && { href: '/admin/letters', title: t('common.admin.letters') },
    may(visit, 'View Activity Log') && { href: '/admin/log', title: t('common.admin.log') },
  ].filter((place) => place !== false);
  return adminRoom(frame, {
    title: t('admin.home.none.title'),
    body: stack(
      await graceRemark(visit, OWN_STAFF),
      refusal(frame, {
        what: t('admin.home.none.what'),
        why: t('admin.home.none.why', { role: visit.administrator?.roleName ?? '' }),
      }),
      places.length > 0 && card({ title: t('admin.home.none.places'), flush: linkList(places) }),
    ),
  });
}

function nothingHere(visit: Visit): Html {
  const { t } = visit.frame;
  return empty({ title: t('admin.home.nothing'), text: t('admin.home.nothing.text'), icon: 'home' });
}

/** What an operator should see to before customers come; for those who can. */
async function tasksOf(visit: Visit): Promise<LinkLine[]> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const daily = [...(await registrationTasks(visit)), ...(await recoveryTasks(visit)), ...(await letterTasks(visit))];
  if (!may(visit, 'Configure General Settings')) return daily;
  const allowed = await settingOf(ctx, apiAllowedAddresses);
  const found = [
    await addressTask(visit),
    ctx.config.smtpUrl === undefined && {
      href: '/admin/letters',
      title: t('admin.home.task.mail'),
      text: t('admin.home.task.mail.text'),
    },
    allowed.length === 0 &&
      ctx.config.apiAccessKey === undefined && {
        href: '/admin/allowed-addresses',
        title: t('admin.home.task.api'),
        text: t('admin.home.task.api.text'),
      },
  ];
  return [...daily, ...found.filter((task) => task !== false && task !== undefined)];
}

/** Somebody waits for a decision. */
async function registrationTasks(visit: Visit): Promise<LinkLine[]> {
  const { t } = visit.frame;
  if (!may(visit, 'Add New Client')) return [];
  const { count, exact } = await countRegistrations(visit.ctx);
  if (count === 0) return [];
  const title = t('registration.queue.count', { count, exact: exact ? 'yes' : 'no' });
  return [{ href: '/admin/registrations', title: t('registration.queue.title'), text: title }];
}

/** Somebody lost their second factors and waits for whoever vouches for them. */
async function recoveryTasks(visit: Visit): Promise<LinkLine[]> {
  const { t } = visit.frame;
  if (!may(visit, 'Reset User Credentials')) return [];
  const waiting = (await openRecoveries(visit.ctx)).filter(({ readyAt }) => readyAt === undefined);
  if (waiting.length === 0) return [];
  const text = t('recovery.staff.count', { count: waiting.length });
  return [{ href: '/admin/recoveries', title: t('recovery.staff.title'), text }];
}

/** A text of theirs that this version cannot fill in is for staff to mend. */
async function letterTasks(visit: Visit): Promise<LinkLine[]> {
  const { t } = visit.frame;
  const count = may(visit, 'View Email Templates') ? await numberOfFaultyTexts(visit.ctx) : 0;
  if (count === 0) return [];
  return [
    {
      href: '/admin/letter-templates',
      title: t('templates.home.task', { count }),
      text: t('templates.home.task.text'),
    },
  ];
}

/**
 * Every link in a letter begins with the public address. It is wrong where it names this machine alone, and where the
 * browser came by another one; a request that came by loopback tells nothing (a proxy in front may have rewritten it).
 */
async function addressTask(visit: Visit): Promise<LinkLine | undefined> {
  const { t } = visit.frame;
  const origin = await publicOrigin(visit.ctx);
  const used = URL.canParse(`http://${visit.host}`) ? new URL(`http://${visit.host}`) : undefined;
  const usedHere = used === undefined || isLoopbackOrigin(used.origin);
  const line = { href: `/admin/settings/general#${fieldId('public-url')}`, title: t('admin.home.task.address') };
  if (isLoopbackOrigin(origin)) return { ...line, text: t('admin.home.task.address.local', { origin }) };
  if (usedHere || used.host === new URL(origin).host) return undefined;
  return { ...line, text: t('admin.home.task.address.other', { origin, host: used.host }) };
}

async function figuresOf(visit: Visit): Promise<Html[]> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const [clients, users, waiting, failed] = await Promise.all([
    may(visit, 'List Clients') ? clientsByStatus(ctx) : undefined,
    may(visit, 'List Users') ? numberOfUsers(ctx) : undefined,
    may(visit, 'View Email Message Log') ? countLetters(ctx, 'waiting') : undefined,
    may(visit, 'View Email Message Log') ? countLetters(ctx, 'failed') : undefined,
  ]);
  const ofStatus = (status: ClientStatus, count: number) =>
    figure({
      value: frame.formatNumber(count),
      label: t(`admin.home.clients.${status}`, { count }),
      href: `/admin/clients?status=${status}`,
    });
  return [
    ...(clients ? CLIENT_STATUSES.map((status) => ofStatus(status, clients[status])) : []),
    users !== undefined &&
      figure({
        value: frame.formatNumber(users),
        label: t('admin.home.users', { count: users }),
        href: '/admin/users',
      }),
    waiting && lettersFigure(visit, 'waiting', waiting),
    failed && lettersFigure(visit, 'failed', failed),
  ].filter((one) => one !== false && one !== undefined);
}

function lettersFigure(visit: Visit, state: 'waiting' | 'failed', { count, exact }: CappedCount): Html {
  const { frame } = visit;
  const number = frame.formatNumber(count);
  return figure({
    value: exact ? number : frame.t('admin.home.more', { number }),
    label: frame.t(`admin.home.letters.${state}`, { count }),
    href: `/admin/letters?state=${state}`,
  });
}

async function newestClients(visit: Visit): Promise<readonly Client[] | undefined> {
  if (!may(visit, 'List Clients')) return undefined;
  return (await pageOfClients(visit.ctx, {}, {}, NEWEST)).rows;
}

function clientsCard(visit: Visit, clients: readonly Client[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
  const add = may(visit, 'Add New Client')
    ? linkButton({ href: '/admin/clients/new', text: t('admin.clients.add'), icon: 'plus' })
    : undefined;
  return card({
    title: t('admin.home.newest'),
    actions:
      clients.length > 0
        ? linkButton({ href: '/admin/clients', text: t('admin.home.newest.all'), tone: 'quiet' })
        : undefined,
    flush: table<Client>(frame, {
      caption: t('admin.home.newest'),
      rows: clients,
      empty: empty({
        title: t('admin.clients.empty'),
        text: t('admin.clients.empty.text'),
        icon: 'building',
        action: add,
      }),
      columns: [
        {
          heading: t('admin.clients.name'),
          kind: 'name',
          cell: personOf,
          href: (client) => (open ? `/admin/clients/${client.id}` : undefined),
        },
        { heading: t('admin.clients.email'), kind: 'text', cell: (client) => client.email },
        { heading: t('admin.clients.status'), kind: 'short', cell: (client) => clientStatus(frame, client.status) },
        { heading: t('admin.home.newest.added'), kind: 'short', cell: (client) => ago(frame, client.createdAt) },
      ],
    }),
  });
}

async function latestActivity(visit: Visit): Promise<readonly AuditLine[] | undefined> {
  if (!may(visit, 'View Activity Log')) return undefined;
  return (await pageOfAuditLines(visit.ctx, {}, {}, LATEST)).rows;
}

function activityCard(visit: Visit, lines: readonly AuditLine[]): Html {
  const { t } = visit.frame;
  return card({
    title: t('admin.home.activity'),
    actions:
      lines.length > 0
        ? linkButton({ href: '/admin/log', text: t('admin.home.activity.all'), tone: 'quiet' })
        : undefined,
    flush: html`${activityTable(visit, lines)}`,
  });
}
