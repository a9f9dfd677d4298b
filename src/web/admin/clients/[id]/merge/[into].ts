// Merges a client into another: both side by side, and what exactly will happen. No fields: the path names both.

import { peopleOf } from '#domain/access/members.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { MergePlan } from '#domain/merging/merge-plan.ts';
import { mergePlan } from '#domain/merging/merge-plan.ts';
import { mergeClients } from '#domain/merging/merging.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStatus, clientStep, personOf } from '#web/client-profile.ts';
import { whyNoClient } from '#web/merge-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, cardGrid, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import type { Definition } from '#web/parts/definitions.ts';
import { definitions } from '#web/parts/definitions.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { date } from '#web/parts/time.ts';
import { idInPath, may, shortName } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Merge Clients' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const into = await targetOf(visit);
    const plan = await mergePlan(visit.ctx, file.client.id, into.client.id);
    return show(picture(visit, file, into, plan));
  },
  post: merge,
});

async function merge(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  const into = await targetOf(visit);
  await mergeClients(visit.ctx, visit.actor, file.client.id, into.client.id);
  return goTo(may(visit, 'View Clients Summary') ? `/admin/clients/${into.client.id}` : '/admin', {
    tone: 'success',
    key: 'merging.done',
    values: { name: file.name, into: into.name },
  });
}

/** The client that would stand. */
type Target = {
  readonly client: Client;
  readonly name: string;
  readonly currency: string;
  readonly people: number;
  readonly owner: string | undefined;
};

async function targetOf(visit: Visit): Promise<Target> {
  const id = idInPath(visit, 'into', 'client-not-found');
  const client = await findClient(visit.ctx, id);
  if (!client) throw await whyNoClient(visit, id);
  const people = await peopleOf(visit.ctx, id);
  const owner = people.find(({ member }) => member.isOwner)?.user;
  const currencies = await listCurrencies(visit.ctx);
  return {
    client,
    name: displayName(client),
    currency: currencies.find((one) => one.id === client.currencyId)?.code ?? '',
    people: people.length,
    owner: owner && nameOf(owner),
  };
}

function picture(visit: Visit, file: ClientFile, into: Target, plan: MergePlan): Html {
  const { t } = visit.frame;
  const from: Target = {
    client: file.client,
    name: file.name,
    currency: file.currency,
    people: file.people.length,
    owner: file.owner && nameOf(file.owner),
  };
  return clientStep(visit, file, {
    title: t('merging.title', { name: from.name, into: into.name }),
    back: { href: `${file.href}/merge`, text: t('merging.search.title', { name: file.name }) },
    body: stack(
      plan.fault && remark({ tone: 'warning', body: t(`errors.${plan.fault}`) }),
      cardGrid(side(visit.frame, t('merging.goes'), from), side(visit.frame, t('merging.stays'), into)),
      !plan.fault && moves(visit.frame, from, into, plan),
      !plan.fault && act(visit, file, into, plan),
    ),
  });
}

function side(frame: Frame, title: string, { client, name, currency, people, owner }: Target): Html {
  const { t } = frame;
  return card({
    title,
    body: definitions(frame, [
      { term: t('admin.clients.name'), value: name },
      { term: t('merging.person'), value: personOf(client) },
      { term: t('merging.number'), value: String(client.id) },
      { term: t('admin.clients.email'), value: client.email },
      { term: t('admin.client.owner'), value: owner },
      { term: t('merging.people'), value: frame.formatNumber(people) },
      { term: t('admin.clients.status'), value: clientStatus(frame, client.status) },
      { term: t('admin.client.credit'), value: frame.formatMoney(client.creditMinor, currency) },
      { term: t('admin.client.since'), value: date(frame, client.createdAt) },
    ]),
  });
}

/** What goes over; what there is none of is not named. */
function moves(frame: Frame, from: Target, into: Target, plan: MergePlan): Html {
  const { t } = frame;
  const counted = (count: number): string =>
    count > COUNT_CAP ? t('merging.more-than', { count: COUNT_CAP }) : frame.formatNumber(count);
  const line = (term: string, count: number, value = counted(count)): Definition | false =>
    count > 0 && { term, value };
  const total = frame.formatMoney(from.client.creditMinor + into.client.creditMinor, into.currency);
  return card({
    title: t('merging.moves', { into: into.name }),
    intro: t('merging.moves.intro', { into: into.name }),
    body: definitions(frame, [
      line(
        t('merging.people'),
        plan.joining + plan.alreadyIn,
        t('merging.people.value', { joining: plan.joining, already: plan.alreadyIn }),
      ),
      {
        term: t('admin.client.credit'),
        value:
          plan.creditMinor === 0
            ? undefined
            : t('merging.credit.value', { amount: frame.formatMoney(plan.creditMinor, from.currency), total }),
      },
      line(t('merging.contacts'), plan.contacts),
      line(t('merging.fields'), plan.fieldsFilled),
      line(t('merging.notes'), plan.notes),
      line(t('merging.files'), plan.files),
      line(t('merging.letters'), plan.letters),
      line(t('merging.alerts'), plan.alerts),
    ]),
  });
}

function act(visit: Visit, file: ClientFile, into: Target, plan: MergePlan): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const names = { name: file.name, into: into.name };
  return card({
    title: t('merging.ends'),
    actions: linkButton({
      href: `/admin/clients/${into.client.id}/merge/${file.client.id}`,
      text: t('merging.swap'),
      tone: 'quiet',
    }),
    body: confirmation(frame, {
      losses: [
        t('merging.ends.account', { ...names, id: String(file.client.id) }),
        ...(plan.ownerJoins && file.owner ? [t('merging.ends.owner', { ...names, owner: nameOf(file.owner) })] : []),
        ...(plan.contactsKnown > 0 ? [t('merging.ends.contacts', { ...names, count: plan.contactsKnown })] : []),
        ...(plan.fieldsKept > 0 ? [t('merging.ends.fields', { ...names, count: plan.fieldsKept })] : []),
        ...(plan.invitations > 0 ? [t('merging.ends.invitations', { count: plan.invitations })] : []),
      ],
      kept: t('merging.kept'),
      errors,
      button: t('merging.button', { name: shortName(file.name) }),
      cancel: { href: clientLink(visit, file).href, text: t('admin.client.cancel') },
    }),
  });
}
