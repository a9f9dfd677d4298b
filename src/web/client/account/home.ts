// Choosing an account: all that the person belongs to, the closed ones apart.

import type { Account } from '#domain/access/accounts.ts';
import { accountsOf } from '#domain/access/accounts.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { isRegistrationOpen } from '#domain/signup/registration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { comparable } from '#kit/text.ts';
import { graceRemark } from '#web/factor-grace.ts';
import { OWN_USER } from '#web/own-side.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { LinkLine } from '#web/parts/card.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { roleWord } from '#web/parts/client-frame.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import type { Frame } from '#web/parts/frame.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import type { Place } from '#web/places.ts';
import { findPlace, idIn } from '#web/places.ts';

/** Above this many a list wants a search; above that, it is cut, and says so. */
const MOST_WITHOUT_SEARCH = 7;
const MOST_SHOWN = 50;

/** Query: q (words of a name or company); for and id (a place to go on to in the account chosen). */
export default page({
  who: { is: 'user' },

  get: async (visit) => {
    const accounts = await accountsOf(visit.ctx, visit.user.userId);
    const grace = await graceRemark(visit, OWN_USER);
    return show(picture(visit, [...accounts].sort(byName), await isRegistrationOpen(visit.ctx), grace));
  },
});

function picture(visit: Visit, accounts: readonly Account[], mayOpenMore: boolean, grace: Html | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  const q = (visit.query['q'] ?? '').trim().slice(0, 200);
  const found = accounts.filter((one) => fits(one, q));
  const [open, closed] = [found.filter(isOpen), found.filter((one) => !isOpen(one))];
  const place = findPlace(visit.query['for'] ?? '');
  const shown = open.slice(0, MOST_SHOWN);
  return clientRoom(frame, {
    title: t('client.choose.title'),
    intro: place ? t('client.choose.intro-for', { place: t(`client.place.${place.name}`) }) : t('client.choose.intro'),
    actions: mayOpenMore
      ? linkButton({ href: '/account/new', text: t('registration.further.link'), icon: 'plus' })
      : undefined,
    body: stack(
      grace,
      accounts.length > MOST_WITHOUT_SEARCH && search(visit, q, place),
      card({
        flush: shown.length > 0 ? linkList(shown.map((one) => line(visit, one, place))) : nothing(frame, q),
        footer:
          open.length > shown.length
            ? html`${t('client.choose.more', { shown: shown.length, all: frame.formatNumber(open.length) })}`
            : undefined,
      }),
      closed.length > 0 &&
        card({
          title: t('client.choose.closed'),
          intro: t('client.choose.closed-intro'),
          flush: linkList(closed.slice(0, MOST_SHOWN).map((one) => line(visit, one, undefined))),
        }),
    ),
  });
}

function search({ frame, query }: Visit, q: string, place: ReturnType<typeof findPlace>): Html {
  const kept = place ? `?${new URLSearchParams({ for: place.name, ...idOf(query) })}` : '';
  return filterBar(frame, {
    search: { name: 'q', label: frame.t('client.choose.search'), value: q },
    filters: place && [
      {
        name: 'for',
        label: frame.t('client.choose.onward'),
        value: place.name,
        choices: [
          { value: place.name, text: frame.t(`client.place.${place.name}`) },
          { value: '', text: frame.t('client.place.homepage') },
        ],
      },
    ],
    clear: q === '' ? undefined : `/account${kept}`,
  });
}

function line({ frame, query }: Visit, { client, member }: Account, place: Place | undefined): LinkLine {
  const id = idOf(query).id;
  const onward = place ? `/go/${place.name}${id === undefined ? '' : `?id=${id}`}` : '';
  const person = client.companyName === '' ? '' : `${client.firstName} ${client.lastName}`.trim();
  const role = roleWord(frame, member.isOwner ? 'owner' : 'member');
  return {
    href: `/account/${client.id}${onward}`,
    title: displayName(client),
    text: person === '' ? role : `${person} · ${role}`,
    mark: isOpen({ client, member }) ? undefined : status('quiet', frame.t('client.status.closed')),
  };
}

function idOf(query: Visit['query']): { id?: string } {
  const id = idIn(query['id']);
  return id === undefined ? {} : { id: String(id) };
}

function nothing(frame: Frame, q: string): Html {
  const { t } = frame;
  if (q === '') return empty({ icon: 'building', title: t('client.choose.none') });
  return empty({ icon: 'search', title: t('client.choose.not-found', { q }), text: t('client.choose.not-found-help') });
}

function fits({ client }: Account, q: string): boolean {
  const words = comparable(`${client.companyName} ${client.firstName} ${client.lastName} ${client.email}`);
  return comparable(q)
    .split(/\s+/)
    .every((word) => words.includes(word));
}

function isOpen({ client }: Account): boolean {
  return client.status !== 'Closed';
}

function byName(one: Account, other: Account): number {
  return names.compare(displayName(one.client), displayName(other.client));
}

const names = new Intl.Collator('en', { numeric: true });
