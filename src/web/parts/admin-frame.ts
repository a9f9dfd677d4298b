// The admin area's bar and side navigation. Each place is shown only to those who may go there.

import { type Html, html } from '#kit/html.ts';
import type { Key } from '#src/locales/words.ts';
import { attributes } from './attributes.ts';
import { brandMark } from './brand.ts';
import type { Frame } from './frame.ts';
import { type IconName, icon } from './icon.ts';
import { menu, navLink, signOut } from './menu.ts';
import { avatar } from './person.ts';
import { currentOf } from './tabs.ts';

/** A place of the admin area. Any one of `permissions` opens it; none named means everyone who is signed in. */
type Place = {
  readonly href: string;
  readonly text: Key;
  readonly icon: IconName;
  readonly permissions?: readonly string[];
};

const daily: readonly Place[] = [
  { href: '/admin', text: 'common.admin.home', icon: 'home' },
  { href: '/admin/clients', text: 'common.admin.clients', icon: 'building', permissions: ['List Clients'] },
  { href: '/admin/users', text: 'common.admin.users', icon: 'users', permissions: ['List Users'] },
  { href: '/admin/credit-log', text: 'common.admin.creditLog', icon: 'credit-card', permissions: ['View Credit Log'] },
  {
    href: '/admin/registrations',
    text: 'common.admin.registrations',
    icon: 'user-circle',
    permissions: ['Add New Client'],
  },
  {
    href: '/admin/recoveries',
    text: 'common.admin.recoveries',
    icon: 'lock',
    permissions: ['Reset User Credentials'],
  },
  { href: '/admin/letters', text: 'common.admin.letters', icon: 'mail', permissions: ['View Email Message Log'] },
  { href: '/admin/log', text: 'common.admin.log', icon: 'history', permissions: ['View Activity Log'] },
  {
    href: '/admin/staff-log',
    text: 'admin.staffLog.title',
    icon: 'device-desktop',
    permissions: ['View Admin Log'],
  },
];

const credentials = ['Manage API Credentials'];

const setUp: readonly Place[] = [
  {
    href: '/admin/administrators',
    text: 'common.admin.administrators',
    icon: 'id-badge',
    permissions: ['Configure Administrators'],
  },
  { href: '/admin/roles', text: 'common.admin.roles', icon: 'shield', permissions: ['Configure Admin Roles'] },
  { href: '/admin/api-credentials', text: 'common.admin.apiCredentials', icon: 'key', permissions: credentials },
  { href: '/admin/api-roles', text: 'common.admin.apiRoles', icon: 'shield-lock', permissions: credentials },
  { href: '/admin/webhooks', text: 'common.admin.webhooks', icon: 'send', permissions: credentials },
  {
    href: '/admin/allowed-addresses',
    text: 'common.admin.allowedAddresses',
    icon: 'network',
    permissions: ['Configure General Settings'],
  },
  { href: '/admin/groups', text: 'common.admin.groups', icon: 'users', permissions: ['Configure Client Groups'] },
  {
    href: '/admin/currencies',
    text: 'records.currencies.title',
    icon: 'credit-card',
    permissions: ['Configure Currencies'],
  },
  {
    href: '/admin/fields',
    text: 'common.admin.fields',
    icon: 'edit',
    permissions: ['Configure Custom Client Fields'],
  },
  {
    href: '/admin/security-questions',
    text: 'passwords.list.title',
    icon: 'help',
    permissions: ['Configure Security Questions'],
  },
  {
    href: '/admin/banned-emails',
    text: 'common.admin.bannedEmails',
    icon: 'ban',
    permissions: ['Configure Banned Emails'],
  },
  { href: '/admin/bans', text: 'common.admin.bans', icon: 'ban', permissions: ['View Banned IPs'] },
  {
    href: '/admin/sign-in-providers',
    text: 'federation.providers.nav',
    icon: 'login-2',
    permissions: ['Configure Sign-In Integrations'],
  },
  {
    href: '/admin/letter-templates',
    text: 'templates.nav',
    icon: 'file-text',
    permissions: ['View Email Templates'],
  },
  {
    href: '/admin/destinations',
    text: 'common.admin.destinations',
    icon: 'login-2',
    permissions: ['Configure General Settings'],
  },
  {
    href: '/admin/settings',
    text: 'common.admin.settings',
    icon: 'settings',
    permissions: ['Configure General Settings'],
  },
];

/** What one does about oneself, in the menu below one's name. */
const own: readonly Place[] = [
  { href: '/admin/account', text: 'common.menu.profile', icon: 'user-circle', permissions: ['My Account'] },
  { href: '/admin/account/security', text: 'factors.security.menu', icon: 'shield-lock' },
  { href: '/admin/account/password', text: 'common.menu.password', icon: 'lock' },
  { href: '/admin/account/sessions', text: 'common.menu.sessions', icon: 'device-desktop' },
];

/** The bar across the top: brand, the menu of a phone, search, the administrator. */
export function adminBar(frame: Frame, query: string | undefined): Html {
  const places = menu({
    name: 'places',
    label: frame.t('common.admin.nav'),
    summary: icon('menu-2'),
    panel: html`<nav aria-label="${frame.t('common.admin.nav')}">${groups(frame)}</nav>`,
  });
  const signedIn = frame.administrator !== undefined;
  return html`<header class="dw-bar">${signedIn && places}<a class="dw-brand" href="/admin">${brandMark(frame, { withName: false })}</a>${signedIn && searchForm(frame, query)}<div class="dw-top-end">${administratorMenu(frame)}</div></header>`;
}

/** The side navigation of a wide screen. */
export function adminSide(frame: Frame): Html | undefined {
  if (!frame.administrator) return undefined;
  return html`<nav class="dw-side" aria-label="${frame.t('common.admin.nav')}">${groups(frame)}</nav>`;
}

function groups(frame: Frame): Html {
  const open = setUp.filter((place) => isOpen(frame, place));
  const group =
    open.length > 0 &&
    html`<p class="dw-side-title">${frame.t('common.admin.setUp')}</p><ul>${links(frame, open)}</ul>`;
  return html`<ul>${links(
    frame,
    daily.filter((place) => isOpen(frame, place)),
  )}</ul>${group}`;
}

function isOpen(frame: Frame, place: Place): boolean {
  const staff = frame.administrator;
  return staff !== undefined && (place.permissions?.some((permission) => staff.may(permission)) ?? true);
}

function links(frame: Frame, places: readonly Place[]): Html[] {
  const elsewhere = [...daily, ...setUp, ...own].slice(1).map((place) => place.href);
  const current = currentOf(frame.path, elsewhere) ?? (frame.path === '/admin' ? '/admin' : undefined);
  return places.map(({ href, text, icon: picture }) =>
    navLink(frame, { href, text: frame.t(text), icon: picture, current: href === current }),
  );
}

function searchForm(frame: Frame, query: string | undefined): Html {
  const words = frame.t('common.admin.search');
  const drawn = attributes({
    type: 'search',
    name: 'q',
    value: query,
    placeholder: words,
    'aria-label': words,
    'aria-keyshortcuts': '/',
    enterkeyhint: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 200,
  });
  return html`<form class="dw-search dw-bar-search" role="search" method="get" action="/admin/search">${icon('search')}<input class="form-control" data-search${drawn}><kbd aria-hidden="true" hidden>/</kbd></form>`;
}

function administratorMenu(frame: Frame): Html | undefined {
  const staff = frame.administrator;
  if (!staff) return undefined;
  const panel = html`<p class="dw-menu-who"><span class="dw-menu-name">${staff.name}</span><span class="dw-menu-more">${staff.role}</span></p><ul>${links(
    frame,
    own.filter((place) => isOpen(frame, place)),
  )}</ul>${signOut(frame, '/admin/logout')}`;
  const summary = html`${avatar(staff.name)}<span class="dw-person-name"><span class="visually-hidden">${frame.t('common.menu.person')} </span>${staff.name}</span>${icon('chevron-down')}`;
  return menu({ name: 'person', summary, panel });
}
