// The people of an account and the invitations on their way. The owner sees all of it; a member who may invite, what they sent.

import { requiresSecondFactor } from '#domain/access/entry.ts';
import type { Invitation } from '#domain/access/invitations.ts';
import { invitationsOf } from '#domain/access/invitations.ts';
import type { Person } from '#domain/access/members.ts';
import { countPeople, membershipsOf, pageOfPeople } from '#domain/access/members.ts';
import { hasFactors } from '#domain/credentials/factors.ts';
import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import type { Recovery } from '#domain/recovery/recovery.ts';
import { openRecoveries, recoveryName } from '#domain/recovery/recovery.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { peopleHref, requireManagedByOwner } from '#web/account-people.ts';
import { handOverCard } from '#web/ownership-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { badge, status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { accessWords, invitationsCard, termState } from '#web/people-parts.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

type InviterVisit = VisitOf<{ is: 'account'; permission: 'inviter' }>;
type Facts = {
  /** For the owner alone. */
  readonly people: KeysetPage<Person> | undefined;
  readonly count: CappedCount | undefined;
  readonly invitations: readonly Invitation[];
  /** Whether a second factor is asked for; undefined where there is none to set up here. */
  readonly secondFactor: boolean | undefined;
  /** Who lost their second factors and waits for the word of this owner. */
  readonly waiting: readonly Recovery[];
};

export default page({
  who: { is: 'account', permission: 'inviter' },

  get: async (visit) => {
    await requireManagedByOwner(visit);
    const { ctx, account } = visit;
    const { client, member } = account;
    const asks = await requiresSecondFactor(ctx, client.id);
    const { isOwner } = member;
    return show(
      picture(visit, {
        people: isOwner ? await pageOfPeople(ctx, client.id, placeInList(visit), ROWS_A_PAGE) : undefined,
        count: isOwner ? await countPeople(ctx, client.id) : undefined,
        waiting: isOwner ? await waitingFor(visit) : [],
        invitations: await invitationsOf(ctx, client.id, isOwner ? undefined : member.userId),
        secondFactor: asks || hasFactors(ctx) ? asks : undefined,
      }),
    );
  },
});

async function waitingFor({ ctx, user, account }: InviterVisit): Promise<readonly Recovery[]> {
  const waiting = (await openRecoveries(ctx)).filter((one) => one.readyAt === undefined);
  const ids = waiting.map((one) => one.user.id);
  const memberships = await membershipsOf(ctx, ids);
  const isHere = (id: number) => memberships.get(id)?.some(({ clientId }) => clientId === account.client.id) ?? false;
  const open = waiting.filter((one) => isHere(one.user.id));
  const owners = await Promise.all(open.map((one) => soleOwnerOver(ctx, one.user.id)));
  return open.filter((_one, at) => owners[at] === user.userId);
}

function picture(visit: InviterVisit, { people, count, invitations, secondFactor, waiting }: Facts): Html {
  const { frame, account } = visit;
  const { t } = frame;
  const { isOwner } = account.member;
  const href = peopleHref(visit);
  return clientRoom(frame, {
    title: t('access.people.title'),
    intro: isOwner ? t('access.people.intro') : t('access.people.intro-inviter'),
    actions: linkButton({
      href: `${href}/invite`,
      text: t('access.people.invite'),
      tone: 'primary',
      icon: 'user-plus',
    }),
    body: stack(
      ...waiting.map((one) => waitingRemark(visit, one)),
      people && peopleCard(visit, people, count),
      invitationsCard(frame, invitations, `${href}/invitations`),
      isOwner && secondFactor !== undefined && secondFactorCard(visit, secondFactor),
      isOwner && handOverCard(frame, account.client.id),
    ),
  });
}

function waitingRemark(visit: InviterVisit, recovery: Recovery): Html {
  const { t } = visit.frame;
  return remark({
    tone: 'warning',
    title: t('recovery.letter.help.subject', { person: recoveryName(recovery) }),
    body: t('recovery.letter.help.how'),
    action: linkButton({
      href: `${peopleHref(visit)}/${recovery.user.id}/recovery`,
      text: t('recovery.letter.help.button'),
      small: true,
    }),
  });
}

function peopleCard(visit: InviterVisit, people: KeysetPage<Person>, count: CappedCount | undefined): Html {
  const { frame, user } = visit;
  const { t } = frame;
  const shown = { shown: people.rows.length, count: count?.count ?? 0, exact: count?.exact ? 'yes' : 'no' };
  const isLeafed = people.next !== undefined || people.previous !== undefined;
  const leaves = pager(frame, {
    ...leafHrefs(peopleHref(visit), {}, people),
    summary: isLeafed ? t('access.people.count', shown) : undefined,
  });
  return card({
    flush: html`${table<Person>(frame, {
      caption: t('access.people.title'),
      rows: people.rows,
      empty: empty({ icon: 'users', title: t('access.people.none') }),
      columns: [
        {
          heading: t('access.people.name'),
          kind: 'name',
          cell: (one) =>
            html`${nameOf(one.user)}${one.user.id === user.userId && html` ${badge(t('access.people.you'))}`}`,
        },
        { heading: t('access.people.email'), kind: 'text', cell: (one) => one.user.email },
        {
          heading: t('access.people.may'),
          kind: 'text',
          cell: ({ member }) =>
            member.isOwner
              ? html`${badge(t('common.role.owner'))} ${t('access.everything')}`
              : accessWords(frame, member),
        },
        { heading: t('access.people.state'), kind: 'short', cell: ({ member }) => termState(frame, member) },
        {
          heading: t('access.people.entered'),
          kind: 'short',
          wideOnly: true,
          cell: ({ member }) => ago(frame, member.lastEnteredAt, t('access.people.never')),
        },
        {
          heading: t('access.people.acts'),
          kind: 'actions',
          cell: (one) =>
            one.member.isOwner
              ? undefined
              : linkButton({
                  href: `${peopleHref(visit)}/${one.user.id}`,
                  text: t('access.people.change'),
                  about: nameOf(one.user),
                  small: true,
                }),
        },
      ],
    })}${leaves}`,
  });
}

function secondFactorCard(visit: InviterVisit, asks: boolean): Html {
  const { t } = visit.frame;
  return card({
    title: t('access.factor.title'),
    intro: t('access.factor.text'),
    body: html`<p>${asks ? status('good', t('access.factor.on')) : status('quiet', t('access.factor.off'))}</p>${linkButton(
      {
        href: `${peopleHref(visit)}/second-factor`,
        text: t('access.people.change'),
        about: t('access.factor.title'),
      },
    )}`,
  });
}
