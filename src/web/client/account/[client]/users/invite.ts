// Invites somebody into the account by letter. A member whom the owner let invite gives no more than they hold.

import { INVITATION_MS, invite } from '#domain/access/invitations.ts';
import { days } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { accessFields, permissionsToGive, typedAccess, withPreset } from '#web/access-fields.ts';
import { peopleLink, requireManagedByOwner } from '#web/account-people.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { emailField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { areServicesLinked } from '#web/places.ts';

type InviterVisit = VisitOf<{ is: 'account'; permission: 'inviter' }>;

/**
 * Query: email, to begin with. Fields: email; permissions, serviceIds, lasts, startsAt, endsAt, mayInvite (access-fields.ts); preset, which only fills the ticks.
 * Whether the address is known here makes no difference to the answer.
 */
export default page({
  who: { is: 'account', permission: 'inviter' },

  get: async (visit) => {
    await requireManagedByOwner(visit);
    return show(await picture(visit));
  },

  post: async (visit) => {
    await requireManagedByOwner(visit);
    const filled = withPreset(visit);
    return filled ? show(await picture(filled)) : send(visit);
  },
});

async function send(visit: InviterVisit): Promise<Answer> {
  const { ctx, actor, account, form: typed } = visit;
  const email = typed.text('email').trim();
  const sent = invite(ctx, actor, account.client.id, { ...typedAccess(typed), email });
  await atField(sent, { 'already-member': 'email', 'already-invited': 'email' });
  return goTo(peopleLink(visit).href, { tone: 'success', key: 'access.invite.sent', values: { email } });
}

async function picture(visit: InviterVisit): Promise<Html> {
  const { frame, form: typed, errors, account } = visit;
  const { t } = frame;
  const { member } = account;
  return clientRoom(frame, {
    title: t('access.invite.title'),
    intro: t('access.invite.intro', { days: Math.round(INVITATION_MS / days(1)) }),
    back: peopleLink(visit),
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('access.invite.button'),
        secondary: linkButton({ href: peopleLink(visit).href, text: t('access.cancel') }),
        body: html`${accessFields(visit, {
          mayGive: permissionsToGive(member.isOwner ? undefined : member),
          mayLetInvite: member.isOwner,
          servicesLinked: await areServicesLinked(visit.ctx),
          reach: member.serviceIds,
          withLength: true,
          before: emailField(frame, {
            name: 'email',
            label: t('access.invite.email'),
            help: t('access.invite.email.help'),
            value: textOr(typed, 'email', visit.query['email'] ?? ''),
            errors,
            required: true,
            autocomplete: 'off',
          }),
        })}`,
      }),
    }),
  });
}
