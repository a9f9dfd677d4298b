// The home of an account: what needs doing, what there is, and what the person may do here. What they may not see is not there.

import type { Account } from '#domain/access/accounts.ts';
import { may, ownerIdOf } from '#domain/access/members.ts';
import { ownershipOfferOf } from '#domain/access/ownership-offers.ts';
import type { Alert } from '#domain/alerts/alerts.ts';
import { alertsFor } from '#domain/alerts/alerts.ts';
import { countryOf, displayName, requiredFields } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { lockedNames } from '#domain/clients/own-details.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { ssoDestinations } from '#domain/sso/sso.settings.ts';
import type { User } from '#domain/users/users.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { graceRemark } from '#web/factor-grace.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { LinkLine } from '#web/parts/card.ts';
import { card, cardGrid, linkList, stack } from '#web/parts/card.ts';
import { roleWord } from '#web/parts/client-frame.ts';
import { definitions } from '#web/parts/definitions.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { date } from '#web/parts/time.ts';
import type { Place } from '#web/places.ts';
import { PLACES } from '#web/places.ts';

type AccountVisit = VisitOf<{ is: 'account'; permission: 'any' }>;

/** What the page knows beside the visit. */
type Facts = {
  /** Whom a member asks; an owner need not be told. */
  readonly owner: User | undefined;
  readonly places: readonly (typeof PLACES)[number][];
  /** Required fields that are empty and that this person may fill in. */
  readonly missing: readonly string[];
  readonly alerts: readonly Alert[];
  /** Until when they may do without a second factor that is asked of them. */
  readonly grace: Html | undefined;
  /** Who offers this person the account, if anybody does. */
  readonly offeredBy: User | undefined;
};

export default page({
  who: { is: 'account', permission: 'any' },

  get: async (visit) => {
    const { ctx, account } = visit;
    const entered = await settingOf(ctx, ssoDestinations);
    const [owner, missing, offered, alerts, grace] = await Promise.all([
      account.member.isOwner ? undefined : ownerOf(visit),
      missingFields(visit),
      offeredBy(visit),
      alertsFor(ctx, account),
      graceRemark(visit, OWN_USER),
    ]);
    return show(
      picture(visit, {
        owner,
        places: PLACES.filter((one) => isListed(one) && Object.hasOwn(entered, `clientarea:${one.name}`)).filter(
          (one) => opensTo(one, account),
        ),
        missing,
        offeredBy: offered,
        alerts,
        grace,
      }),
    );
  },
});

async function ownerOf({ ctx, account }: AccountVisit): Promise<User | undefined> {
  const ownerId = await ownerIdOf(ctx, account.client.id);
  return ownerId === undefined ? undefined : findUser(ctx, ownerId);
}

async function offeredBy({ ctx, account, user }: AccountVisit): Promise<User | undefined> {
  if (account.member.isOwner) return undefined;
  const offer = await ownershipOfferOf(ctx, account.client.id);
  return offer?.to.id === user.userId ? offer.from : undefined;
}

async function missingFields({ ctx, account }: AccountVisit): Promise<string[]> {
  if (!may(account.member, 'profile')) return [];
  const locked = await lockedNames(ctx);
  return (await requiredFields(ctx)).filter((field) => account.client[field].trim() === '' && !locked.has(field));
}

/** Places of one service or domain are reached from lists; the home and the details have a place of their own here. */
function isListed(place: Place): boolean {
  return place.of === undefined && place.name !== 'homepage' && place.name !== 'profile';
}

function opensTo(place: Place, { member }: Account): boolean {
  return place.opensTo === 'public' || place.opensTo === 'member' || may(member, place.opensTo);
}

function picture(visit: AccountVisit, facts: Facts): Html {
  const { frame, account } = visit;
  const { client, member } = account;
  const closed = client.status === 'Closed';
  const role = badge(roleWord(frame, member.isOwner ? 'owner' : 'member'));
  return clientRoom(frame, {
    title: displayName(client),
    heading: html`${displayName(client)} ${role}`,
    body: stack(
      closed && remark({ tone: 'warning', title: frame.t('client.closed.title'), body: frame.t('client.closed.text') }),
      facts.grace,
      ...facts.alerts.map((one) => alert(visit, one)),
      !closed && todo(visit, facts),
      !closed && places(visit, facts),
      may(member, 'profile') && details(visit),
      access(visit, facts),
    ),
  });
}

function alert({ frame }: AccountVisit, { tone, says, link }: Alert): Html {
  return remark({
    tone,
    body: 'key' in says ? frame.t(says.key, says.values) : html`<span class="text-break">${says.text}</span>`,
    action:
      link === undefined ? undefined : linkButton({ href: link, text: frame.t('records.alerts.follow'), small: true }),
  });
}

function todo({ frame, user, account }: AccountVisit, { missing, offeredBy }: Facts): Html | undefined {
  const { t } = frame;
  const lines: LinkLine[] = [];
  if (offeredBy)
    lines.push({
      href: `/account/${account.client.id}/ownership/offer`,
      title: t('people.ownership.home.title', { name: nameOf(offeredBy) }),
      text: t('people.ownership.home.text'),
    });
  if (user.mustChangePassword)
    lines.push({ href: '/user/password', title: t('client.todo.password'), text: t('client.todo.password-why') });
  if (missing.length > 0)
    lines.push({
      href: `/account/${account.client.id}/details`,
      title: t('client.todo.details'),
      text: t('client.todo.details-why', { count: missing.length }),
    });
  return lines.length === 0 ? undefined : card({ title: t('client.todo.title'), flush: linkList(lines) });
}

function places({ frame, account }: AccountVisit, facts: Facts): Html | undefined {
  if (facts.places.length === 0) return undefined;
  const { t } = frame;
  return cardGrid(
    ...facts.places.map(({ name }) =>
      card({
        body: html`<div class="d-flex gap-3 justify-content-between align-items-start"><div><h2 class="mb-0">${t(`client.place.${name}`)}</h2><p class="text-secondary mb-0">${t(`client.place.${name}.text`)}</p></div><div class="flex-shrink-0">${linkButton({ href: `/account/${account.client.id}/go/${name}`, text: t('client.place.open'), about: t(`client.place.${name}`), small: true })}</div></div>`,
      }),
    ),
  );
}

function details({ frame, account }: AccountVisit): Html {
  const { t } = frame;
  const { client } = account;
  return card({
    title: t('client.details.title'),
    actions: linkButton({
      href: `/account/${client.id}/details`,
      text: client.status === 'Closed' ? t('client.details.see') : t('client.details.change'),
      about: t('client.details.title'),
      small: true,
    }),
    body: definitions(frame, [
      { term: t('client.details.name'), value: `${client.firstName} ${client.lastName}`.trim() },
      client.companyName !== '' && { term: t('client.details.company'), value: client.companyName },
      { term: t('client.details.email'), value: client.email },
      { term: t('client.details.address'), value: addressLine(client, frame.language) },
      { term: t('client.details.since'), value: date(frame, client.createdAt) },
    ]),
  });
}

function addressLine(client: Client, language: string): string {
  const country = client.country === '' ? '' : countryOf(client, language);
  return [client.address1, client.address2, client.city, client.state, client.postcode, country]
    .filter((part) => part.trim() !== '')
    .join(', ');
}

/** What is the owner's alone. */
function ownersCard({ t }: AccountVisit['frame'], { client }: Account): Html {
  return card({
    title: t('client.access.title'),
    body: html`<p>${t('client.access.owner')}</p>`,
    footer:
      client.status === 'Closed'
        ? undefined
        : html`<a href="/account/${client.id}/single-sign-on">${t('client.place.single_sign_on')}</a>`,
  });
}

/** What the person may do here, and whose it is to change that. */
function access({ frame, account }: AccountVisit, { owner }: Facts): Html {
  const { t } = frame;
  const { member } = account;
  if (member.isOwner) return ownersCard(frame, account);
  const granted = member.permissions.map((one) => html`<li>${t(`client.permission.${one}`)}</li>`);
  const until =
    member.endsAt !== undefined &&
    html`<p>${t('access.home.until', { date: frame.formatDate(member.endsAt - 1) })}</p>`;
  const whose = owner
    ? t('client.access.owned-by', { owner: nameOf(owner) })
    : t('client.access.owned-by-nobody', { company: frame.brand.name });
  return card({
    title: t('client.access.title'),
    body: html`<ul class="mb-3">${granted}</ul>${until}<p class="text-secondary">${whose}</p>`,
    footer: html`<a href="/user/accounts/${account.client.id}/leaving">${t('access.leaving.link')}</a>`,
  });
}
