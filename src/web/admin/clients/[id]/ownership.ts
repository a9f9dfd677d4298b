// Staff make a member the owner of a client, at once; call off an offer that waits; put the last change back.

import { makeOwner } from '#domain/access/ownership.ts';
import type { OwnershipOffer } from '#domain/access/ownership-offers.ts';
import { cancelOwnershipOffer, ownershipOfferOf } from '#domain/access/ownership-offers.ts';
import type { OwnershipUndo } from '#domain/access/ownership-undo.ts';
import { ownershipUndoOf, undoOwnershipByStaff } from '#domain/access/ownership-undo.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { radioGroup } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { dateTime } from '#web/parts/time.ts';
import { wholeNumber } from '#web/staff.ts';

/** Fields: to (a member's id); or act, `cancel` or `undo`. Query: user, the member to begin with. */
export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  stepUp: true,
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const [offer, undo] = [
      await ownershipOfferOf(visit.ctx, file.client.id),
      await ownershipUndoOf(visit.ctx, file.client.id),
    ];
    return show(picture(visit, file, offer, undo));
  },
  post: act,
});

async function act(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: typed } = visit;
  const file = await clientFileOf(visit);
  const back = usersLink(visit, file).href;
  switch (typed.text('act')) {
    case 'cancel':
      await cancelOwnershipOffer(ctx, actor, file.client.id);
      return goTo(back, { tone: 'info', key: 'people.ownership.cancelled' });
    case 'undo':
      await undoOwnershipByStaff(ctx, actor, file.client.id);
      return goTo(back, { tone: 'success', key: 'people.owner.undone' });
  }
  const to = wholeNumber(typed.text('to'));
  if (to === undefined) throw invalid({ to: 'new-owner-missing' });
  const faults = { 'already-owner': 'to', 'not-a-member': 'to', 'new-owner-disabled': 'to' };
  await atField(makeOwner(ctx, actor, file.client.id, to), faults);
  const made = file.people.find(({ user }) => user.id === to)?.user;
  const values = { name: made ? nameOf(made) : '', client: file.name };
  return goTo(back, { tone: 'success', key: 'people.owner.made', values });
}

function picture(
  visit: Visit,
  file: ClientFile,
  offer: OwnershipOffer | undefined,
  undo: OwnershipUndo | undefined,
): Html {
  const { t } = visit.frame;
  const others = file.people.filter(({ member }) => !member.isOwner).map(({ user }) => user);
  return clientStep(visit, file, {
    title: t('people.owner.title', { name: file.name }),
    intro: file.owner ? t('people.owner.intro', { name: nameOf(file.owner) }) : t('people.owner.intro-none'),
    back: usersLink(visit, file),
    body: stack(
      offer && offerCard(visit, offer),
      undo && undoCard(visit, undo),
      others.length === 0 ? nobody(visit, file) : formCard(visit, file, others),
    ),
  });
}

function offerCard({ frame }: Visit, offer: OwnershipOffer): Html {
  const { t } = frame;
  return remark({
    tone: 'info',
    title: t('people.owner.offer', { from: nameOf(offer.from), to: nameOf(offer.to) }),
    body: t('people.owner.offer-text', { until: frame.formatDateTime(offer.expiresAt) }),
    action: postButton(frame, { text: t('people.ownership.cancel'), fields: { act: 'cancel' }, small: true }),
  });
}

function undoCard({ frame }: Visit, undo: OwnershipUndo): Html {
  const { t } = frame;
  return card({
    title: t('people.owner.undo'),
    intro: t('people.owner.undo-text'),
    body: stack(
      definitions(frame, [
        { term: t('people.owner.before'), value: `${nameOf(undo.from)} · ${undo.from.email}` },
        { term: t('people.owner.now'), value: `${nameOf(undo.to)} · ${undo.to.email}` },
        { term: t('people.owner.at'), value: dateTime(frame, undo.at) },
        { term: t('people.owner.until'), value: dateTime(frame, undo.until) },
      ]),
      postButton(frame, { text: t('people.owner.undo-button', { name: nameOf(undo.from) }), fields: { act: 'undo' } }),
    ),
  });
}

function nobody(visit: Visit, file: ClientFile): Html {
  const { t } = visit.frame;
  return card({
    flush: empty({
      icon: 'users',
      title: t('people.owner.nobody'),
      text: t('people.owner.nobody-text'),
      action: linkButton({ href: `${file.href}/users/new`, text: t('admin.client.users.add') }),
    }),
  });
}

function formCard(visit: Visit, file: ClientFile, others: readonly User[]): Html {
  const { frame, errors, form: typed, query } = visit;
  const { t } = frame;
  const back = usersLink(visit, file);
  return card({
    body: form(frame, {
      errors,
      tone: 'danger',
      button: t('people.owner.button'),
      secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
      body: html`${radioGroup(frame, {
        name: 'to',
        label: t('people.owner.choose'),
        errors,
        required: true,
        value: typed.given ? typed.text('to') : query['user'],
        choices: others.map((one) => ({
          value: String(one.id),
          text: nameOf(one),
          help: one.disabledAt === undefined ? one.email : t('people.owner.disabled', { email: one.email }),
          disabled: one.disabledAt !== undefined,
        })),
      })}${remark({ tone: 'warning', body: t('people.owner.loss') })}`,
    }),
  });
}
