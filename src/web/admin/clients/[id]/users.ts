// The people of a client: who owns it, who else may enter, what each of them may do there; and the invitations on their way.

import { requiresSecondFactor } from '#domain/access/entry.ts';
import type { Invitation } from '#domain/access/invitations.ts';
import { invitationsOf } from '#domain/access/invitations.ts';
import type { Member } from '#domain/access/members.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab, permissionWords } from '#web/client-profile.ts';
import { ownerCard } from '#web/ownership-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { badge, status } from '#web/parts/status.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { accessWords, invitationsCard, termState } from '#web/people-parts.ts';
import { may, withQuery } from '#web/staff.ts';
import { userStatus } from '#web/user-profile.ts';

export default page({
  who: { is: 'staff', permission: 'View Clients Summary' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const tab = visit.frame.t('admin.client.tab.users');
    const [invitations, asks] = await Promise.all([
      invitationsOf(visit.ctx, file.client.id),
      requiresSecondFactor(visit.ctx, file.client.id),
    ]);
    const body = stack(
      picture(visit, file),
      invitationsPart(visit, file, invitations),
      asks && factorCard(visit, file),
      ownerCard(visit, file),
    );
    return show(clientTab(visit, file, { tab, actions: addLink(visit, file), body }));
  },
});

type Person = ClientFile['people'][number];

function addLink(visit: Visit, { href }: ClientFile): Html | undefined {
  if (!may(visit, 'Manage Users')) return undefined;
  return linkButton({ href: `${href}/users/new`, text: visit.frame.t('admin.client.users.add'), icon: 'user-plus' });
}

/** Left out where nothing waits: most accounts have one person. */
function invitationsPart(visit: Visit, { href }: ClientFile, invitations: readonly Invitation[]): Html | undefined {
  if (invitations.length === 0) return undefined;
  return invitationsCard(
    visit.frame,
    invitations,
    may(visit, 'Manage Users') ? `${href}/users/invitations` : undefined,
  );
}

function factorCard(visit: Visit, { href }: ClientFile): Html {
  const { t } = visit.frame;
  return card({
    title: t('access.factor.title'),
    intro: t('access.factor.admin-text'),
    body: may(visit, 'Manage Users')
      ? linkButton({ href: `${href}/users/second-factor`, text: t('access.factor.admin-link') })
      : status('good', t('access.factor.on')),
  });
}

function picture(visit: Visit, file: ClientFile): Html {
  const { frame } = visit;
  const { t } = frame;
  const acts: Column<Person> = {
    heading: t('admin.client.users.acts'),
    kind: 'actions',
    cell: (person) => actOf(visit, file, person),
  };
  return card({
    flush: table<Person>(frame, {
      caption: t('admin.client.tab.users'),
      rows: file.people,
      empty: empty({
        title: t('admin.client.users.empty'),
        text: t('admin.client.users.empty.text'),
        icon: 'users',
        action: addLink(visit, file),
      }),
      columns: [
        {
          heading: t('admin.client.users.name'),
          kind: 'name',
          cell: ({ user }) => nameOf(user),
          href: ({ user }) => (may(visit, 'List Users') ? `/admin/users/${user.id}` : undefined),
        },
        { heading: t('admin.client.users.email'), kind: 'text', cell: ({ user }) => user.email },
        { heading: t('admin.client.users.may'), kind: 'text', cell: ({ member }) => mayDo(visit, member) },
        {
          heading: t('admin.client.users.state'),
          kind: 'short',
          wideOnly: true,
          cell: ({ user, member }) =>
            user.disabledAt === undefined ? termState(frame, member) : userStatus(frame, user),
        },
        {
          heading: t('admin.client.users.lastSignIn'),
          kind: 'short',
          wideOnly: true,
          cell: ({ user }) => ago(frame, user.lastLoginAt, t('admin.client.never')),
        },
        ...(may(visit, 'Manage Users') || may(visit, 'Reset User Credentials') ? [acts] : []),
      ],
    }),
  });
}

function mayDo(visit: Visit, member: Member): Html | string {
  const { frame } = visit;
  const words = member.isOwner ? permissionWords(frame, member) : accessWords(frame, member);
  return member.isOwner ? html`${badge(frame.t('common.role.owner'))} ${words}` : words;
}

/** One way on: to everything about this person here, or else to the letter, as far as the role leads. */
function actOf(visit: Visit, { client, href }: ClientFile, { user }: Person): Html | undefined {
  const { t } = visit.frame;
  const about = nameOf(user);
  if (may(visit, 'Manage Users'))
    return linkButton({ href: `${href}/users/${user.id}`, text: t('admin.client.users.manage'), about, small: true });
  if (user.disabledAt !== undefined) return undefined;
  const letter = withQuery(`/admin/users/${user.id}/password-letter`, { client: client.id });
  return linkButton({ href: letter, text: t('admin.client.users.letter'), about, small: true });
}
