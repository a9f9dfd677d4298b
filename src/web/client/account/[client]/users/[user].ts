// One of the account's people: what they may do here, and from when until when. For the owner.

import { invitedAddresses } from '#domain/access/invitations.ts';
import { changeAccess } from '#domain/access/member-changes.ts';
import type { Member } from '#domain/access/members.ts';
import { findMembership } from '#domain/access/members.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import { accessFields, typedAccess, withPreset } from '#web/access-fields.ts';
import { peopleHref, peopleLink, requireManagedByOwner } from '#web/account-people.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { areServicesLinked, idIn } from '#web/places.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;
type Person = { readonly user: User; readonly member: Member; readonly invitedAs: string | undefined };

/** Fields: permissions, serviceIds, startsAt, endsAt, mayInvite (access-fields.ts); preset, which only fills the ticks. */
export default page({
  who: { is: 'account', permission: 'owner' },

  get: async (visit) => show(await picture(visit, await personIn(visit))),

  post: async (visit) => {
    const person = await personIn(visit);
    const filled = withPreset(visit);
    return filled ? show(await picture(filled, person)) : save(visit, person);
  },
});

async function save(visit: OwnerVisit, { user, member }: Person): Promise<Answer> {
  const { permissions, serviceIds, mayInvite, startsAt, endsAt } = typedAccess(visit.form, member);
  const change = { permissions, serviceIds, mayInvite, term: { startsAt, endsAt } };
  await changeAccess(visit.ctx, visit.actor, user.id, visit.account.client.id, change);
  return goTo(peopleLink(visit).href, { tone: 'success', key: 'access.change.saved', values: { name: nameOf(user) } });
}

/** The person that the path names. Somebody of another account is not here, like somebody who is nowhere. */
async function personIn(visit: OwnerVisit): Promise<Person> {
  await requireManagedByOwner(visit);
  const { ctx, account, params } = visit;
  const member = await findMembership(ctx, idIn(params['user']) ?? 0, account.client.id);
  if (!member) throw notFound('not-a-member');
  if (member.isOwner) throw notAllowed('owner-permissions-fixed');
  const invitedAs = (await invitedAddresses(ctx, account.client.id)).get(member.userId);
  return { user: await userOf(ctx, member.userId), member, invitedAs };
}

async function picture(visit: OwnerVisit, { user, member, invitedAs }: Person): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const name = nameOf(user);
  const elsewhere = invitedAs !== undefined && comparable(invitedAs) !== comparable(user.email);
  return clientRoom(frame, {
    title: name,
    intro: html`${user.email}${elsewhere && html`<br>${t('access.change.invited-as', { email: invitedAs })}`}`,
    back: peopleLink(visit),
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('access.change.button'),
          secondary: linkButton({ href: peopleLink(visit).href, text: t('access.cancel') }),
          body: accessFields(visit, {
            stored: member,
            mayGive: ACCESS_PERMISSIONS,
            mayLetInvite: true,
            servicesLinked: await areServicesLinked(visit.ctx),
            withLength: false,
          }),
        }),
      }),
      card({
        title: t('access.removal.title', { name }),
        intro: t('access.removal.text'),
        tone: 'danger',
        body: linkButton({ href: `${peopleHref(visit)}/${user.id}/removal`, text: t('access.removal.link') }),
      }),
    ),
  });
}
