// One of a client's people: what they may do there and for how long, help with signing in, and the way out. Fields: those of
// access-fields.ts. An owner may do everything, always.

import { changeAccess } from '#domain/access/member-changes.ts';
import type { Member } from '#domain/access/members.ts';
import { findMembership } from '#domain/access/members.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { accessFields, typedAccess, withPreset } from '#web/access-fields.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import { ownerCard } from '#web/ownership-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { areServicesLinked } from '#web/places.ts';
import { idInPath, may, withQuery } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(await picture(visit, file, await personIn(visit, file)));
  },
  post: save,
});

type Person = { readonly user: User; readonly member: Member };

async function save(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  const person = await personIn(visit, file);
  const filled = withPreset(visit);
  if (filled) return show(await picture(filled, file, person));
  const { user, member } = person;
  const { permissions, serviceIds, mayInvite, startsAt, endsAt } = typedAccess(visit.form, member);
  const change = { permissions, serviceIds, mayInvite, term: { startsAt, endsAt } };
  await changeAccess(visit.ctx, visit.actor, user.id, file.client.id, change);
  return goTo(usersLink(visit, file).href, {
    tone: 'success',
    key: 'admin.client.users.changed',
    values: { name: nameOf(user) },
  });
}

/** The person that the path names. Somebody of another client is not here, like somebody who is nowhere. */
async function personIn(visit: Visit, { client }: ClientFile): Promise<Person> {
  const member = await findMembership(visit.ctx, idInPath(visit, 'user', 'not-a-member'), client.id);
  if (!member) throw notFound('not-a-member');
  return { user: await userOf(visit.ctx, member.userId), member };
}

async function picture(visit: Visit, file: ClientFile, person: Person): Promise<Html> {
  const { t } = visit.frame;
  return clientStep(visit, file, {
    title: t('admin.client.users.permissions.title', { name: nameOf(person.user), client: file.name }),
    intro: person.user.email,
    back: usersLink(visit, file),
    body: stack(
      person.member.isOwner
        ? remark({ tone: 'info', body: t('admin.client.users.owner.remark') })
        : permissionsCard(visit, file, person.member, await areServicesLinked(visit.ctx)),
      helpCard(visit, file, person.user),
      !person.member.isOwner && ownerCard(visit, file, person.user.id),
      !person.member.isOwner && removalCard(visit, file, person.user),
    ),
  });
}

function permissionsCard(visit: Visit, file: ClientFile, member: Member, servicesLinked: boolean): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return card({
    body: form(frame, {
      errors,
      button: t('admin.client.users.permissions.button'),
      secondary: linkButton({ href: usersLink(visit, file).href, text: t('admin.client.cancel') }),
      body: accessFields(visit, {
        stored: member,
        mayGive: ACCESS_PERMISSIONS,
        mayLetInvite: true,
        servicesLinked,
        withLength: false,
      }),
    }),
  });
}

function helpCard(visit: Visit, { client }: ClientFile, user: User): Html | undefined {
  if (!may(visit, 'Reset User Credentials') || user.disabledAt !== undefined) return undefined;
  const { t } = visit.frame;
  const href = withQuery(`/admin/users/${user.id}/password-letter`, { client: client.id });
  return card({
    title: t('admin.user.help'),
    intro: t('admin.user.help.text'),
    body: linkButton({ href, text: t('admin.user.letter.link'), icon: 'send' }),
  });
}

function removalCard(visit: Visit, file: ClientFile, user: User): Html {
  const { t } = visit.frame;
  return card({
    title: t('admin.client.users.removal'),
    intro: t('admin.client.users.removal.text'),
    tone: 'danger',
    body: linkButton({ href: `${file.href}/users/${user.id}/removal`, text: t('admin.client.users.remove') }),
  });
}
