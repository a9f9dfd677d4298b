// The people of an account and the invitations on their way. The owner sees all of it; a member who may invite, what they sent.

import { requiresSecondFactor } from '#domain/access/entry.ts';
import type { Invitation } from '#domain/access/invitations.ts';
import { invitationsOf } from '#domain/access/invitations.ts';
import type { Member } from '#domain/access/members.ts';
import { peopleOf } from '#domain/access/members.ts';
import { hasFactors } from '#domain/credentials/factors.ts';
import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import type { Recovery } from '#domain/recovery/recovery.ts';
import { openRecoveries, recoveryName } from '#domain/recovery/recovery.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { peopleHref, requireManagedByOwner } from '#web/account-people.ts';
import { handOverCard } from '#web/ownership-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { badge, status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { accessWords, invitationsCard, termState } from '#web/people-parts.ts';

type InviterVisit = VisitOf<{ is: 'account'; permission: 'inviter' }>;
type Person = { readonly user: User; readonly member: Member };

type Facts = {
  readonly people: readonly Person[];
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
    const people = member.isOwner ? await peopleOf(ctx, client.id) : [];
    return show(
      picture(visit, {
        people,
        waiting: await waitingFor(visit, people),
        invitations: await invitationsOf(ctx, client.id, member.isOwner ? undefined : member.userId),
        secondFactor: asks || hasFactors(ctx) ? asks : undefined,
      }),
    );
  },
});

async function waitingFor({ ctx, user }: InviterVisit, people: readonly Person[]): Promise<readonly Recovery[]> {
  if (people.length === 0) return [];
  const here = new Set(people.map((one) => one.user.id));
  const open = (await openRecoveries(ctx)).filter((one) => one.readyAt === undefined && here.has(one.user.id));
  const owners = await Promise.all(open.map((one) => soleOwnerOver(ctx, one.user.id)));
  return open.filter((_one, at) => owners[at] === user.userId);
}

function picture(visit: InviterVisit, { people, invitations, secondFactor, waiting }: Facts): Html {
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
      isOwner && peopleCard(visit, people),
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

function peopleCard(visit: InviterVisit, people: readonly Person[]): Html {
  const { frame, user } = visit;
  const { t } = frame;
  return card({
    flush: table<Person>(frame, {
      caption: t('access.people.title'),
      rows: people,
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
    }),
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
