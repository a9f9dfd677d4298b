// What stands on every page of one client in the admin area: who it is, its state, its money, the last sign-in, the tabs.

import type { Account } from '#domain/access/accounts.ts';
import type { Member } from '#domain/access/members.ts';
import { peopleOf } from '#domain/access/members.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { Note } from '#domain/notes/notes.ts';
import { stickyNotesOf } from '#domain/notes/notes.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { listedWords } from '#kit/listed-words.ts';
import { whyNoClient } from '#web/merge-parts.ts';
import { stickyNote } from '#web/note-parts.ts';
import type { Visit } from '#web/page.ts';
import { stack } from '#web/parts/card.ts';
import type { Frame } from '#web/parts/frame.ts';
import { groupMark } from '#web/parts/group-mark.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import type { Tab } from '#web/parts/tabs.ts';
import { tabs } from '#web/parts/tabs.ts';
import { ago } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

/** A client with what its header says. */
export type ClientFile = {
  readonly client: Client;
  /** The address of its summary, which every page of it begins with. */
  readonly href: string;
  readonly name: string;
  /** The code of its currency, such as `EUR`. */
  readonly currency: string;
  /** The group it is in. */
  readonly group: ClientGroup | undefined;
  /** Its people, the owner first. */
  readonly people: readonly { readonly user: User; readonly member: Member }[];
  readonly owner: User | undefined;
  /** What staff always want in sight; empty for who may not read notes. */
  readonly sticky: readonly Note[];
};

/** The client that the path names by `[id]`. Throws not-found: `client-not-found`, or `client-merged` for a part of another. */
export async function clientFileOf(visit: Visit): Promise<ClientFile> {
  const id = idInPath(visit, 'id', 'client-not-found');
  const client = await findClient(visit.ctx, id);
  if (!client) throw await whyNoClient(visit, id);
  const [people, currencies, groups, sticky] = await Promise.all([
    peopleOf(visit.ctx, client.id),
    listCurrencies(visit.ctx),
    client.groupId === 0 ? [] : listGroups(visit.ctx),
    may(visit, 'View Clients Notes') ? stickyNotesOf(visit.ctx, client.id) : [],
  ]);
  return {
    client,
    href: `/admin/clients/${client.id}`,
    name: displayName(client),
    currency: currencies.find((one) => one.id === client.currencyId)?.code ?? '',
    group: groups.find((one) => one.id === client.groupId),
    people,
    owner: people.find(({ member }) => member.isOwner)?.user,
    sticky,
  };
}

/** One of the tabs. */
export function clientTab(
  visit: Visit,
  file: ClientFile,
  drawn: {
    readonly tab?: string;
    readonly actions?: Html | undefined;
    readonly body: Html;
    /** For the list of notes itself. */
    readonly withoutSticky?: true;
  },
): Html {
  const { frame } = visit;
  return adminRoom(frame, {
    title: drawn.tab === undefined ? file.name : frame.t('admin.client.tab.title', { tab: drawn.tab, name: file.name }),
    heading: file.name,
    intro: facts(frame, file),
    back: listLink(visit),
    actions: drawn.actions,
    tabs: tabs(frame, { label: frame.t('admin.client.tabs'), items: tabsOf(visit, file) }),
    body: drawn.withoutSticky ? drawn.body : withSticky(visit, file, drawn.body),
    errors: visit.errors,
  });
}

/** A step within a client: a form or a confirmation of its own, with the way back to the tab it came from. */
export function clientStep(
  visit: Visit,
  file: ClientFile,
  drawn: {
    readonly title: string;
    readonly intro?: string | undefined;
    readonly back?: { readonly href: string; readonly text: string };
    readonly body: Html;
  },
): Html {
  return adminRoom(visit.frame, {
    title: drawn.title,
    intro: drawn.intro,
    back: drawn.back ?? clientLink(visit, file),
    body: withSticky(visit, file, drawn.body),
    errors: visit.errors,
  });
}

function withSticky(visit: Visit, file: ClientFile, body: Html): Html {
  if (file.sticky.length === 0) return body;
  return stack(...file.sticky.map((note) => stickyNote(visit, note, `${file.href}/notes`)), body);
}

/** The state of a client as a dot and a word. */
export function clientStatus(frame: Frame, of: ClientStatus): Html {
  switch (of) {
    case 'Active':
      return status('good', frame.t('admin.clients.status.Active'));
    case 'Inactive':
      return status('waiting', frame.t('admin.clients.status.Inactive'));
    case 'Closed':
      return status('quiet', frame.t('admin.clients.status.Closed'));
  }
}

/** The person of a client, or what else it is called by. */
export function personOf(client: Client): string {
  return `${client.firstName} ${client.lastName}`.trim() || displayName(client);
}

/** Where whoever is done with a client goes: its summary, or the list, or home, as far as the role leads. */
export function clientLink(visit: Visit, file: Pick<ClientFile, 'href' | 'name'>): { href: string; text: string } {
  return may(visit, 'View Clients Summary') ? { href: file.href, text: file.name } : listLink(visit);
}

/** The people of a client, or where else the role leads. */
export function usersLink(visit: Visit, file: Pick<ClientFile, 'href' | 'name'>): { href: string; text: string } {
  if (!may(visit, 'View Clients Summary')) return listLink(visit);
  return { href: `${file.href}/users`, text: visit.frame.t('admin.client.users.of', { name: file.name }) };
}

/** The list of clients, or home for who may not see it. */
export function listLink(visit: Visit): { href: string; text: string } {
  const { t } = visit.frame;
  return may(visit, 'List Clients')
    ? { href: '/admin/clients', text: t('admin.clients.title') }
    : { href: '/admin', text: t('common.admin.home') };
}

/** What a member may do, in words. */
export function permissionWords(frame: Frame, member: Account['member']): string {
  if (member.isOwner) return frame.t('admin.client.users.everything');
  const words = member.permissions.map((one) => frame.t(`admin.client.permission.${one}`));
  return listedWords(frame.language, words);
}

function facts(frame: Frame, { client, currency, group, owner, people }: ClientFile): Html {
  const { t } = frame;
  const person = client.companyName.trim() === '' ? undefined : personOf(client);
  const lastLogin = Math.max(0, ...people.map(({ user }) => user.lastLoginAt ?? 0)) || undefined;
  const signedIn = lastLogin === undefined ? t('admin.client.never') : ago(frame, lastLogin);
  return html`<ul class="list-unstyled d-flex flex-wrap gap-3 m-0"><li>${clientStatus(frame, client.status)}</li>${group && html`<li>${groupMark(group)}</li>`}<li>${t('admin.client.number', { id: String(client.id) })}</li>${
    person && html`<li class="text-break">${person}</li>`
  }${owner && nameOf(owner) !== person && html`<li class="text-break">${t('admin.client.ownedBy', { name: nameOf(owner) })}</li>`}<li>${t('admin.client.credit')} ${frame.formatMoney(
    client.creditMinor,
    currency,
  )}</li><li>${t('admin.client.lastSignIn')} ${signedIn}</li></ul>`;
}

function tabsOf(visit: Visit, { href, people }: ClientFile): Tab[] {
  const { t } = visit.frame;
  return [
    may(visit, 'View Clients Summary') && { href, text: t('admin.client.tab.summary') },
    may(visit, 'Edit Clients Details') && { href: `${href}/profile`, text: t('admin.client.tab.profile') },
    may(visit, 'View Clients Summary') && {
      href: `${href}/users`,
      text: t('admin.client.tab.users'),
      count: people.length,
    },
    may(visit, 'Edit Clients Details') && { href: `${href}/contacts`, text: t('contacts.title') },
    may(visit, 'View Clients Notes') && { href: `${href}/notes`, text: t('records.notes.title') },
    may(visit, 'Manage Clients Files') && { href: `${href}/files`, text: t('records.files.title') },
    may(visit, 'View Credit Log') && { href: `${href}/credit`, text: t('records.credit.title') },
    may(visit, 'View Email Message Log') && { href: `${href}/letters`, text: t('admin.client.tab.letters') },
    may(visit, 'View Activity Log') && { href: `${href}/log`, text: t('admin.client.tab.log') },
  ].filter((tab) => tab !== false);
}
