// The owner hands the account over: chooses a member, and waits for the answer.

import { peopleOf } from '#domain/access/members.ts';
import type { OwnershipOffer } from '#domain/access/ownership-offers.ts';
import { cancelOwnershipOffer, offerOwnership, ownershipOfferOf } from '#domain/access/ownership-offers.ts';
import type { OwnershipUndo } from '#domain/access/ownership-undo.ts';
import { ownershipUndoOf } from '#domain/access/ownership-undo.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { peopleLink, requireManagedByOwner } from '#web/account-people.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { radioGroup } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { wholeNumber } from '#web/staff.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;

/** Fields: to (a member's id); or act=cancel, which calls the offer off. */
export default page({
  who: { is: 'account', permission: 'owner' },
  stepUp: true,
  limit: { name: 'ownership-offer', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    await requireManagedByOwner(visit);
    const { ctx, account, user } = visit;
    const clientId = account.client.id;
    const [offer, undo] = [await ownershipOfferOf(ctx, clientId), await ownershipUndoOf(ctx, clientId)];
    const members = (await peopleOf(ctx, clientId)).map((one) => one.user);
    const others = members.filter((one) => one.id !== user.userId && one.disabledAt === undefined);
    return show(picture(visit, { offer, undo, others }));
  },

  post: async (visit) => {
    await requireManagedByOwner(visit);
    const { ctx, actor, account, user, form: typed } = visit;
    const clientId = account.client.id;
    if (typed.text('act') === 'cancel') {
      await cancelOwnershipOffer(ctx, actor, clientId);
      return goTo(`/account/${clientId}/ownership`, { tone: 'info', key: 'people.ownership.cancelled' });
    }
    const to = wholeNumber(typed.text('to'));
    await offerOwnership(ctx, actor, clientId, { from: user.userId, to });
    return goTo(`/account/${clientId}/ownership`, { tone: 'success', key: 'people.ownership.offered' });
  },
});

type Standing = {
  readonly offer: OwnershipOffer | undefined;
  readonly undo: OwnershipUndo | undefined;
  readonly others: readonly User[];
};

function picture(visit: OwnerVisit, standing: Standing): Html {
  const { frame, errors, account } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('people.ownership.title'),
    intro: t('people.ownership.intro', { account: displayName(account.client) }),
    back: peopleLink(visit),
    errors,
    body: bodyOf(visit, standing),
  });
}

function bodyOf(visit: OwnerVisit, { offer, undo, others }: Standing): Html {
  if (offer) return offerCard(visit, offer);
  if (undo) return settling(visit, undo);
  if (others.length === 0) return nobody(visit);
  return formCard(visit, others);
}

function offerCard(visit: OwnerVisit, offer: OwnershipOffer): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    title: t('people.ownership.waiting', { name: nameOf(offer.to) }),
    intro: t('people.ownership.waiting-text'),
    body: stack(
      definitions(frame, [
        { term: t('people.ownership.to'), value: `${nameOf(offer.to)} · ${offer.to.email}` },
        { term: t('people.ownership.since'), value: dateTime(frame, offer.createdAt) },
        { term: t('people.ownership.until'), value: dateTime(frame, offer.expiresAt) },
      ]),
      postButton(frame, { text: t('people.ownership.cancel'), fields: { act: 'cancel' }, tone: 'danger' }),
    ),
  });
}

/** The account came to this owner lately, and may still go back. */
function settling({ frame }: OwnerVisit, undo: OwnershipUndo): Html {
  const { t } = frame;
  return remark({
    tone: 'info',
    title: t('people.ownership.settling'),
    body: t('people.ownership.settling-text', { name: nameOf(undo.from), until: frame.formatDateTime(undo.until) }),
  });
}

function nobody({ frame, account }: OwnerVisit): Html {
  const { t } = frame;
  return card({
    flush: empty({
      icon: 'users',
      title: t('people.ownership.nobody'),
      text: t('people.ownership.nobody-text'),
      action: linkButton({ href: `/account/${account.client.id}/users`, text: t('people.ownership.invite') }),
    }),
  });
}

function formCard(visit: OwnerVisit, others: readonly User[]): Html {
  const { frame, errors, form: typed } = visit;
  const { t } = frame;
  return card({
    body: form(frame, {
      errors,
      tone: 'danger',
      button: t('people.ownership.button'),
      body: html`${radioGroup(frame, {
        name: 'to',
        label: t('people.ownership.choose'),
        help: t('people.ownership.choose-help'),
        errors,
        required: true,
        value: typed.text('to'),
        choices: others.map((one) => ({ value: String(one.id), text: nameOf(one), help: one.email })),
      })}${remark({ tone: 'warning', body: t('people.ownership.loss') })}`,
    }),
  });
}
