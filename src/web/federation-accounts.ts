// One's own linked accounts, for customers and staff alike: what is linked, linking one more, taking one away. Every page asks
// again who it is; what came back from a provider is linked only by a button here, so that nobody is linked unawares.

import type { LinkedAccount } from '#domain/login/federation/linked-accounts.ts';
import {
  linkedIdentitiesOf,
  linkPending,
  mayUnlink,
  unlink,
  whoseIdentity,
} from '#domain/login/federation/linked-accounts.ts';
import { pendingIn } from '#domain/login/federation/pending.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { isOffered, listProviders, providersOffered } from '#domain/login/federation/providers.ts';
import { startKey } from '#domain/login/federation/start-state.ts';
import { userOf } from '#domain/users/users.ts';
import { isUnproven } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { linkedAccountsPage, providerIcon } from '#web/federation.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import type { SectionOf } from '#web/security-section.ts';
import { idInPath } from '#web/staff.ts';

/** On the overview of one's own sign-in, where there is anything to link or linked. */
export const linkedAccountsSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const { holder } = inSession(visit, side);
  const [linked, offered] = await Promise.all([
    linkedIdentitiesOf(visit.ctx, holder),
    providersOffered(visit.ctx, side.kind),
  ]);
  if (linked.length === 0 && offered.length === 0) return undefined;
  return {
    group: 'signing-in',
    title: t('federation.accounts.title'),
    text:
      linked.length === 0
        ? t('federation.accounts.section.none')
        : t('federation.accounts.section.some', { count: linked.length }),
    link: linkedAccountsPage(side),
  };
};

/** The list, and the providers of which one more may be linked. */
export async function accountsPage(visit: Visit, side: OwnSide): Promise<Answer> {
  const { holder } = inSession(visit, side);
  const [linked, offered, unproven] = await Promise.all([
    linkedIdentitiesOf(visit.ctx, holder),
    providersOffered(visit.ctx, side.kind),
    isAddressOpen(visit, side),
  ]);
  return show(accountsPicture(visit, side, { linked, offered, unproven }));
}

/** Asks whether to link what came back. */
export async function confirmPage(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, browser } = visit;
  const { holder, sessionId } = inSession(visit, side);
  const pending = await pendingIn(ctx, browser, side.kind);
  const provider = (await listProviders(ctx)).find((one) => one.id === pending?.identity.providerId);
  const begunElsewhere = pending?.sessionId !== undefined && pending.sessionId !== sessionId;
  if (!pending || !provider || begunElsewhere)
    return goTo(linkedAccountsPage(side), { tone: 'info', key: 'federation.over' });
  if ((await whoseIdentity(ctx, holder, pending.identity)) === 'own')
    return goTo(linkedAccountsPage(side), { tone: 'info', key: 'federation.accounts.own' });
  const unproven = await isAddressOpen(visit, side);
  return show(confirmPicture(visit, side, { provider, account: pending.identity.email, unproven }));
}

/** Links it. */
export async function confirmLink(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor, browser } = visit;
  const { holder, sessionId } = inSession(visit, side);
  if (await isAddressOpen(visit, side)) throw notAllowed('link-unproven');
  const { provider, goto } = await linkPending(ctx, actor, { holder, sessionId, browser });
  const to = goto === undefined ? linkedAccountsPage(side) : side.door.goOn(goto);
  return goTo(to, { tone: 'success', key: 'federation.accounts.linked', values: { provider } });
}

/** Asks whether to take a link away, or says why it has to stay for now. */
export async function unlinkPage(visit: Visit, side: OwnSide): Promise<Answer> {
  const { holder } = inSession(visit, side);
  const id = idInPath(visit, 'identity', 'identity-not-found');
  const linked = (await linkedIdentitiesOf(visit.ctx, holder)).find((one) => one.id === id);
  if (!linked) throw notFound('identity-not-found');
  return show(unlinkPicture(visit, side, linked, await mayUnlink(visit.ctx, holder, id)));
}

/** Takes it away. */
export async function confirmUnlink(visit: Visit, side: OwnSide): Promise<Answer> {
  const id = idInPath(visit, 'identity', 'identity-not-found');
  const provider = await unlink(visit.ctx, visit.actor, inSession(visit, side), id);
  return goTo(linkedAccountsPage(side), { tone: 'success', key: 'federation.accounts.unlinked', values: { provider } });
}

/** Nothing is linked with an account whose address may be somebody else's: they would find a stranger's way in one day. */
async function isAddressOpen({ ctx, user }: Visit, side: OwnSide): Promise<boolean> {
  return side.kind === 'user' && user !== undefined && (await isUnproven(ctx, await userOf(ctx, user.userId)));
}

type Drawn = {
  readonly linked: readonly LinkedAccount[];
  readonly offered: readonly Provider[];
  readonly unproven: boolean;
};

function accountsPicture(visit: Visit, side: OwnSide, { linked, offered, unproven }: Drawn): Html {
  const { ctx, frame, browser } = visit;
  const { t } = frame;
  const here = linkedAccountsPage(side);
  const { sessionId } = inSession(visit, side);
  const buttons = offered.map((provider) =>
    linkButton({
      href: `${here}/link/${provider.slug}?${new URLSearchParams({ key: startKey(ctx, browser, provider.id, sessionId) })}`,
      text: t('federation.accounts.link', { provider: provider.name }),
      icon: providerIcon(provider),
    }),
  );
  return side.room(frame, {
    title: t('federation.accounts.title'),
    intro: t('federation.accounts.intro'),
    back: { href: side.security, text: t('factors.security.title') },
    body: stack(
      card({
        flush: table<LinkedAccount>(frame, {
          caption: t('federation.accounts.title'),
          rows: linked,
          empty: empty({
            title: t('federation.accounts.empty'),
            text: t('federation.accounts.empty.text'),
            icon: 'link',
          }),
          columns: [
            {
              heading: t('federation.accounts.provider'),
              kind: 'name',
              cell: (one) => nameOfProvider(visit, side, one),
            },
            { heading: t('federation.accounts.account'), kind: 'text', cell: (one) => one.email || undefined },
            { heading: t('federation.accounts.linked-at'), kind: 'short', cell: (one) => date(frame, one.linkedAt) },
            {
              heading: t('federation.accounts.last-used'),
              kind: 'short',
              cell: (one) => ago(frame, one.lastUsedAt, t('federation.accounts.never-used')),
            },
            {
              heading: t('federation.accounts.unlink'),
              kind: 'actions',
              cell: (one) =>
                linkButton({
                  href: `${here}/${one.id}/removal`,
                  text: t('federation.accounts.unlink'),
                  about: t('federation.accounts.unlink.about', {
                    provider: one.provider?.name ?? '',
                    account: one.email,
                  }),
                  small: true,
                  tone: 'danger',
                }),
            },
          ],
        }),
      }),
      unproven && offered.length > 0 && addressFirst(visit),
      !unproven &&
        offered.length > 0 &&
        card({
          title: t('federation.accounts.link.title'),
          intro: t('federation.accounts.link.intro'),
          body: buttonRow(...buttons),
        }),
    ),
  });
}

function nameOfProvider({ frame }: Visit, side: OwnSide, { provider }: LinkedAccount): string | Html {
  const { t } = frame;
  if (!provider) return t('federation.accounts.removed-provider');
  if (isOffered(provider, side.kind)) return provider.name;
  return html`${provider.name} ${status('quiet', t('federation.accounts.off'))}`;
}

function addressFirst({ frame }: Visit): Html {
  const { t } = frame;
  return remark({
    tone: 'warning',
    body: t('federation.accounts.unproven'),
    action: linkButton({ href: '/user/confirmation', text: t('federation.accounts.unproven.button') }),
  });
}

function confirmPicture(
  visit: Visit,
  side: OwnSide,
  {
    provider,
    account,
    unproven,
  }: { readonly provider: Provider; readonly account: string; readonly unproven: boolean },
): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const values = { provider: provider.name };
  const who = account === '' ? provider.name : t('federation.accounts.confirm.own', { ...values, account });
  return side.room(frame, {
    title: t('federation.accounts.confirm.title', values),
    intro: t('federation.accounts.confirm.intro'),
    back: { href: linkedAccountsPage(side), text: t('federation.accounts.title') },
    errors,
    body: unproven
      ? addressFirst(visit)
      : card({
          body: form(frame, {
            errors,
            button: t('federation.accounts.confirm.button'),
            secondary: linkButton({ href: side.door.goOn(''), text: t('federation.accounts.confirm.later') }),
            body: html`<p class="fw-medium text-break">${who}</p><p class="text-secondary">${t('federation.accounts.confirm.warning')}</p>`,
          }),
        }),
  });
}

function unlinkPicture(visit: Visit, side: OwnSide, { provider, email }: LinkedAccount, may: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const here = linkedAccountsPage(side);
  const name = provider?.name ?? t('federation.accounts.removed-provider');
  return side.room(frame, {
    title: t('federation.accounts.unlink.title', { provider: name }),
    back: { href: here, text: t('federation.accounts.title') },
    body: may
      ? card({
          body: confirmation(frame, {
            losses: [t('federation.accounts.unlink.loss', { provider: name, account: email || '-' })],
            kept: t('federation.accounts.unlink.kept'),
            button: t('federation.accounts.unlink'),
            cancel: { href: here, text: t('federation.providers.cancel') },
          }),
        })
      : remark({
          tone: 'warning',
          body: t('federation.accounts.unlink.last'),
          action:
            side.kind === 'user'
              ? linkButton({ href: '/password/reset', text: t('federation.accounts.unlink.password') })
              : undefined,
        }),
  });
}
