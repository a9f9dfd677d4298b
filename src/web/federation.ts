// Signing in with others, at either door: the buttons, the visit that begins, what the browser comes back with, and the page
// for somebody whom nobody here is linked with. A visit begins by a link of ours alone (start-state.ts), so that no other
// site can send somebody through one; a form would be held to our own pages by the browser all the way (form-action).

import { beginVisit, endVisit, signInAs } from '#domain/login/federation/federated-sign-in.ts';
import { keepPending, pendingIn } from '#domain/login/federation/pending.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { findOffered, listProviders, providersOffered } from '#domain/login/federation/providers.ts';
import { isStartKey, startKey } from '#domain/login/federation/start-state.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { isRegistrationOpen } from '#domain/signup/registration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { customerPath, staffPath, withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { OWN_STAFF, OWN_USER } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { IconName } from '#web/parts/icon.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import type { Door } from '#web/sign-in.ts';
import { afterStep, gotoOf } from '#web/sign-in.ts';

/** What a provider may send back. Apple does by a post of its own page. */
export const ANSWER_FIELDS: readonly string[] = ['code', 'state', 'iss', 'error', 'error_description'];

/** Where a person's linked accounts are. */
export function linkedAccountsPage(side: OwnSide): string {
  return `${side.security}/linked-accounts`;
}

/** The icon of a provider's button. */
export function providerIcon({ kind }: Provider): IconName {
  const icons = {
    google: 'brand-google',
    microsoft: 'brand-windows',
    apple: 'brand-apple',
    github: 'brand-github',
  } as const;
  return kind === 'openid' ? 'login-2' : icons[kind];
}

/** The buttons of the providers that are offered at a door, for below its form; undefined where there are none. */
export async function providerButtons(visit: Visit, door: Door): Promise<Html | undefined> {
  const { ctx, frame, browser } = visit;
  const offered = await providersOffered(ctx, door.side);
  if (offered.length === 0) return undefined;
  const goto = wayBack(visit, door);
  const buttons = offered.map((provider) => {
    const query = new URLSearchParams({
      key: startKey(ctx, browser, provider.id, undefined),
      ...(goto ? { goto } : {}),
    });
    return linkButton({
      href: `${door.login}/with/${provider.slug}?${query}`,
      text: frame.t('federation.start.button', { provider: provider.name }),
      icon: providerIcon(provider),
    });
  });
  return html`<div class="dw-others"><p class="dw-or">${frame.t('federation.or')}</p>${buttons}</div>`;
}

/** Begins a visit for whoever came by a link of ours; for anybody else draws that link. */
export async function startPage(visit: Visit, door: Door): Promise<Answer> {
  const { ctx, browser } = visit;
  const provider = await findOffered(ctx, door.side, visit.params['provider'] ?? '');
  if (!provider) throw notFound('page-not-found');
  const goto = wayBack(visit, door);
  if (sessionOf(visit, door) !== undefined) return goTo(door.goOn(goto));
  if (!isStartKey(ctx, visit.query['key'] ?? '', browser, provider.id, undefined))
    return show(startPicture(visit, door, provider, goto));
  const to = await beginVisit(ctx, provider, browser, {
    side: door.side,
    purpose: 'sign-in',
    sessionId: undefined,
    goto,
  });
  return to === undefined ? unavailable(withGoto(door.login, goto), provider) : goTo(to);
}

/** Begins a visit that links: only from the page of linked accounts, in this very session. */
export async function linkStart(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, browser } = visit;
  const list = linkedAccountsPage(side);
  const provider = await findOffered(ctx, side.kind, visit.params['provider'] ?? '');
  if (!provider) throw notFound('page-not-found');
  const sessionId = sessionOf(visit, side.door);
  if (sessionId === undefined || !isStartKey(ctx, visit.query['key'] ?? '', browser, provider.id, sessionId))
    return goTo(list);
  const to = await beginVisit(ctx, provider, browser, { side: side.kind, purpose: 'link', sessionId, goto: '' });
  return to === undefined ? unavailable(list, provider) : goTo(to);
}

/** Takes what the browser came back with, and goes on: in, to the next step, to linking, or back with a sentence. */
export async function callback(visit: Visit, door: Door): Promise<Answer> {
  const { ctx, browser, ip, query } = visit;
  const side = door.side === 'user' ? OWN_USER : OWN_STAFF;
  const sessionId = sessionOf(visit, door);
  const slug = visit.params['provider'] ?? '';
  const ended = await endVisit(ctx, { side: door.side, slug, browser, given: query, ip, sessionId });
  if (ended.at === 'over') return goTo(door.login, { tone: 'info', key: 'federation.over' });
  const { flow, provider } = ended;
  const links = flow.purpose === 'link';
  const back = links ? linkedAccountsPage(side) : withGoto(door.login, flow.goto);
  const values = { provider: provider.name };
  switch (ended.at) {
    case 'cancelled':
      return goTo(back, { tone: 'info', key: 'federation.cancelled', values });
    case 'failed':
      return goTo(back, { tone: 'danger', key: 'federation.failed', values });
    case 'told': {
      const { identity } = ended;
      if (links) {
        await keepPending(ctx, browser, door.side, { identity, sessionId, goto: '' });
        return goTo(`${back}/confirm`);
      }
      const at = { browser, ip, device: visit.device };
      const answer = await signInAs(ctx, door.side, { provider, identity, goto: flow.goto }, at);
      if (answer.at === 'unknown') return goTo(`${door.login}/with/${slug}/unknown`);
      return afterStep({ ...visit, query: { goto: flow.goto } }, door, answer); // the way back that we sealed, not what came
    }
  }
}

/**
 * The page for somebody whose account elsewhere is linked with nobody here. It looks the same whether or not its address is
 * that of somebody here.
 */
export async function unknownPage(visit: Visit, door: Door): Promise<Answer> {
  const { ctx, browser } = visit;
  const pending = await pendingIn(ctx, browser, door.side);
  const provider = (await listProviders(ctx)).find((one) => one.id === pending?.identity.providerId);
  if (!pending || !provider) return goTo(door.login, { tone: 'info', key: 'federation.unknown.over' });
  const mayRegister = door.side === 'user' && (await isRegistrationOpen(ctx));
  return show(unknownPicture(visit, door, provider, { account: pending.identity.email, mayRegister }));
}

/** The account elsewhere with which somebody opens an account here, and what it fills in. */
export type CameWith = {
  readonly provider: Provider;
  readonly identity: ToldIdentity;
  readonly stored: { readonly firstName: string; readonly lastName: string; readonly email: string };
};

/** The one that waits in this browser, where the way to registering began with it. */
export async function cameWith({ ctx, browser, form, query }: Visit): Promise<CameWith | undefined> {
  const slug = form.given ? form.text('with') : (query['with'] ?? '');
  if (slug === '') return undefined;
  const pending = await pendingIn(ctx, browser, 'user');
  const provider = pending && (await findOffered(ctx, 'user', slug));
  if (!provider || provider.id !== pending.identity.providerId || pending.sessionId !== undefined) return undefined;
  const { identity } = pending;
  const { firstName, lastName, email } = identity;
  return { provider, identity, stored: { firstName, lastName, email } };
}

function sessionOf({ user, administrator }: Visit, door: Door): number | undefined {
  return door.side === 'user' ? user?.sessionId : administrator?.sessionId;
}

function wayBack(visit: Visit, door: Door): string {
  const goto = gotoOf(visit);
  return (door.side === 'user' ? customerPath(goto) : staffPath(goto)) ?? '';
}

function unavailable(to: string, { name }: Provider): Answer {
  return goTo(to, { tone: 'danger', key: 'federation.unavailable', values: { provider: name } });
}

function startPicture(visit: Visit, door: Door, provider: Provider, goto: string): Html {
  const { ctx, frame, browser } = visit;
  const { t } = frame;
  const query = new URLSearchParams({ key: startKey(ctx, browser, provider.id, undefined), ...(goto ? { goto } : {}) });
  const values = { provider: provider.name };
  return entranceRoom(frame, {
    title: t('federation.start.title', values),
    intro: t('federation.start.intro', values),
    body: html`<div class="dw-others">${linkButton({
      href: `${door.login}/with/${provider.slug}?${query}`,
      text: t('federation.start.button', values),
      icon: providerIcon(provider),
      tone: 'primary',
    })}</div>`,
    wayOut: html`<p><a href="${withGoto(door.login, goto)}">${t('entrance.reset.back')}</a></p>`,
  });
}

function unknownPicture(
  { frame }: Visit,
  door: Door,
  provider: Provider,
  { account, mayRegister }: { readonly account: string; readonly mayRegister: boolean },
): Html {
  const { t } = frame;
  const values = { provider: provider.name };
  const side = door.side === 'user' ? OWN_USER : OWN_STAFF;
  const signIn = linkButton({
    href: withGoto(door.login, `${linkedAccountsPage(side)}/confirm`),
    text: t(door.side === 'user' ? 'federation.unknown.have' : 'federation.unknown.staff'),
    tone: 'primary',
  });
  const register =
    mayRegister &&
    html`<div class="dw-others"><p class="mb-0">${t('federation.unknown.new.text', values)}</p>${linkButton({
      href: `/register?with=${encodeURIComponent(provider.slug)}`,
      text: t('federation.unknown.new'),
    })}</div>`;
  return entranceRoom(frame, {
    title: t('federation.unknown.title'),
    intro:
      account === ''
        ? t('federation.unknown.intro-nameless', values)
        : t('federation.unknown.intro', { ...values, account }),
    body: html`<div class="dw-others"><p class="mb-0">${t('federation.unknown.have.text', values)}</p>${signIn}</div>${register}`,
    wayOut: html`<p><a href="${door.login}/with/${provider.slug}">${t('federation.unknown.again')}</a></p>`,
  });
}
