// The top of the client area: brand, account switcher, the person's menu, and the account's own pages.

import { type Html, html } from '#kit/html.ts';
import { brandMark } from './brand.ts';
import { ACTING_OUT, postButton } from './button.ts';
import type { Frame, FrameAccount } from './frame.ts';
import { icon } from './icon.ts';
import { menu, navLink, signOut } from './menu.ts';
import { accountName, avatar } from './person.ts';
import { currentOf } from './tabs.ts';

/** Above this many accounts a menu is a bad list; the page to choose from has a search. */
const MOST_IN_MENU = 7;

/** Draws the top bar. Without a user (a refusal to a stranger) only the brand is there. */
export function clientTop(frame: Frame): Html {
  return html`${staffBar(frame)}<header class="dw-top"><div class="dw-top-line"><a class="dw-brand" href="/">${brandMark(frame, { withName: false })}</a>${switcher(frame)}<div class="dw-top-end">${personMenu(frame)}</div></div>${accountNav(frame)}</header>`;
}

/** Staff in the place of a user are told so on every page: whose, until when, whether they may change anything; and the way out. */
function staffBar(frame: Frame): Html | undefined {
  const { acting, user, t } = frame;
  if (!acting || !user) return undefined;
  const what = t('support.acting.bar', {
    name: user.name,
    until: frame.formatDateTime(acting.until),
    write: acting.mayPost ? 'yes' : acting.mayWrite ? 'elsewhere' : 'no',
  });
  const leave = postButton(frame, { action: ACTING_OUT, text: t('support.acting.leave'), small: true });
  return html`<div class="dw-staff-bar" role="region" aria-label="${t('common.staff.label')}"><span>${icon('shield')} ${what}</span>${leave}</div>`;
}

function switcher(frame: Frame): Html | undefined {
  const accounts = frame.accounts ?? (frame.account ? [frame.account] : []);
  if (!frame.user || accounts.length === 0) return undefined;
  if (accounts.length > MOST_IN_MENU) {
    return html`<a class="dw-switcher-link" href="/account">${switcherFace(frame)}${icon('selector')}</a>`;
  }
  if (accounts.length === 1 && frame.account) return html`<div class="dw-switcher-link">${switcherFace(frame)}</div>`;
  const lines = accounts.map((account) => accountLine(frame, account));
  const panel = html`<p class="dw-menu-title">${frame.t('common.switcher.title')}</p><ul>${lines}</ul>`;
  return menu({ name: 'switcher', summary: html`${switcherFace(frame)}${icon('selector')}`, panel });
}

function switcherFace(frame: Frame): Html {
  const hint = html`<span class="visually-hidden">${frame.t('common.switcher.label')} </span>`;
  if (!frame.account) return html`${hint}<span class="dw-switcher-name">${frame.t('common.switcher.choose')}</span>`;
  return html`${hint}<span class="dw-switcher-name">${accountName(frame.account)}</span>`;
}

function accountLine(frame: Frame, account: FrameAccount): Html {
  const here = account.id === frame.account?.id;
  const person = account.company ? html`${account.name} · ` : undefined;
  return html`<li><a href="/account/${account.id}"${here && html` aria-current="true"`}>${avatar(accountName(account))}<span class="dw-menu-two"><span class="dw-menu-name">${accountName(account)}</span><span class="dw-menu-more">${person}${roleWord(frame, account.role)}</span></span>${here && icon('check')}</a></li>`;
}

/** What a person is to a client, as a word. */
export function roleWord(frame: Frame, role: FrameAccount['role']): string {
  return role === 'owner' ? frame.t('common.role.owner') : frame.t('common.role.member');
}

function personMenu(frame: Frame): Html | undefined {
  const { user, t } = frame;
  if (!user) return undefined;
  const panel = html`<p class="dw-menu-who"><span class="dw-menu-name">${user.name}</span><span class="dw-menu-more">${user.email}</span></p><ul>${navLink(frame, { href: '/user/profile', text: t('common.menu.profile'), icon: 'user', current: frame.path === '/user/profile' })}${navLink(frame, { href: '/user/security', text: t('factors.security.menu'), icon: 'shield-lock', current: frame.path.startsWith('/user/security') })}${navLink(frame, { href: '/user/password', text: t('common.menu.password'), icon: 'lock', current: frame.path === '/user/password' })}${navLink(frame, { href: '/user/sessions', text: t('common.menu.sessions'), icon: 'device-desktop', current: frame.path === '/user/sessions' })}${navLink(frame, { href: '/user/activity', text: t('lists.activity.menu'), icon: 'history', current: frame.path === '/user/activity' })}${navLink(frame, { href: '/user/support-pin', text: t('support.pin.menu'), icon: 'shield', current: frame.path === '/user/support-pin' })}</ul>${frame.acting ? undefined : signOut(frame, '/logout')}`;
  const summary = html`${avatar(user.name)}<span class="dw-person-name"><span class="visually-hidden">${t('common.menu.person')} </span>${user.name}</span>${icon('chevron-down')}`;
  return menu({ name: 'person', summary, panel });
}

function accountNav(frame: Frame): Html | undefined {
  const { account, t } = frame;
  if (!account) return undefined;
  const home = `/account/${account.id}`;
  const pages = [
    { href: home, text: t('common.client.home') },
    account.may('profile') && { href: `${home}/details`, text: t('common.client.details') },
    account.may('contacts') && { href: `${home}/contacts`, text: t('common.client.contacts') },
    account.may('profile') && { href: `${home}/email-preferences`, text: t('common.client.emailPreferences') },
    account.may('emails') && { href: `${home}/emails`, text: t('templates.emails.title') },
    account.may('profile') && { href: `${home}/files`, text: t('common.client.files') },
    account.mayInvite === true && { href: `${home}/users`, text: t('access.people.title') },
  ].filter((page) => page !== false);
  const current = currentOf(
    frame.path,
    pages.map((page) => page.href),
  );
  // Home lies above every other page of the account; it is current only where it is shown itself.
  const isCurrent = (href: string) => href === current && (href !== home || frame.path === home);
  const links = pages.map((page) => navLink(frame, { ...page, current: isCurrent(page.href) }));
  return html`<nav class="dw-tabs dw-top-nav" aria-label="${t('common.client.nav')}"><ul>${links}</ul></nav>`;
}
