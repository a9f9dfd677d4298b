// What stands on every page of one user in the admin area: who it is, the state, the last sign-in, the tabs.

import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { isKey } from '#src/locales/words.ts';
import type { Visit } from '#web/page.ts';
import type { Frame } from '#web/parts/frame.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import type { Tab } from '#web/parts/tabs.ts';
import { tabs } from '#web/parts/tabs.ts';
import { ago } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

/** A user with the address of their page. */
export type UserFile = { readonly user: User; readonly href: string; readonly name: string };

/** The user that the path names by `[id]`. Throws not-found `user-not-found`. */
export async function userFileOf(visit: Visit): Promise<UserFile> {
  const user = await userOf(visit.ctx, idInPath(visit, 'id', 'user-not-found'));
  return { user, href: `/admin/users/${user.id}`, name: nameOf(user) };
}

/** One of the tabs. */
export function userTab(
  visit: Visit,
  file: UserFile,
  drawn: { readonly tab?: string; readonly actions?: Html | undefined; readonly body: Html },
): Html {
  const { frame } = visit;
  return adminRoom(frame, {
    title: drawn.tab === undefined ? file.name : frame.t('admin.client.tab.title', { tab: drawn.tab, name: file.name }),
    heading: file.name,
    intro: facts(frame, file.user),
    back: { href: '/admin/users', text: frame.t('admin.users.title') },
    actions: drawn.actions,
    tabs: tabs(frame, { label: frame.t('admin.user.tabs'), items: tabsOf(visit, file) }),
    body: drawn.body,
    errors: visit.errors,
  });
}

/** Whether a user can sign in, as a dot and a word. */
export function userStatus(frame: Frame, user: User): Html {
  if (user.disabledAt !== undefined) return status('quiet', frame.t('admin.users.state.deactivated'));
  if (!user.hasPassword) return status('waiting', frame.t('admin.users.state.no-password'));
  return status('good', frame.t('admin.users.state.active'));
}

/** How a session was opened, in a word. */
export function sessionOrigin(frame: Frame, origin: string): string {
  const key = `admin.user.sessions.origin.${origin}`;
  return isKey(key) ? frame.t(key) : origin;
}

function facts(frame: Frame, user: User): Html {
  const { t } = frame;
  const signedIn = user.lastLoginAt === undefined ? t('admin.client.never') : ago(frame, user.lastLoginAt);
  return html`<ul class="list-unstyled d-flex flex-wrap gap-3 m-0"><li>${userStatus(frame, user)}</li><li>${t('admin.client.number', { id: String(user.id) })}</li><li class="text-break">${user.email}</li><li>${t('admin.client.lastSignIn')} ${signedIn}</li></ul>`;
}

function tabsOf(visit: Visit, { href }: UserFile): Tab[] {
  const { t } = visit.frame;
  return [
    { href, text: t('admin.user.tab.overview') },
    may(visit, 'Manage Users') && { href: `${href}/profile`, text: t('admin.user.tab.profile') },
    { href: `${href}/sessions`, text: t('admin.user.tab.sessions') },
  ].filter((tab) => tab !== false);
}
