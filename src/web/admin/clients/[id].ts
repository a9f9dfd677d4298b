// The summary of a client: who it is and who owns it, its switches, what staff noted, and the way out.

import { closedReadableDays } from '#domain/clients/clients.settings.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { FieldValue } from '#domain/fields/field-values.ts';
import { valuesFor } from '#domain/fields/field-values.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf } from '#domain/users/users.ts';
import { isUnproven } from '#domain/verification/verification.ts';
import { countryName } from '#kit/countries.ts';
import { days } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { languageOf } from '#src/locales/words.ts';
import { addressLines } from '#web/client-fields.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab, personOf } from '#web/client-profile.ts';
import type { ClientSwitch } from '#web/client-switches.ts';
import { CLIENT_SWITCHES, isOn, switchHelp, switchWord } from '#web/client-switches.ts';
import { fieldValueText } from '#web/custom-fields.ts';
import { mergeRemarks, orWhereItWent } from '#web/merge-parts.ts';
import { driftRemark } from '#web/owner-match.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, cardGrid, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { groupMark } from '#web/parts/group-mark.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { ago, date, dateTime } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';
import { provenWord } from '#web/verification-parts.ts';

export default page({
  who: { is: 'staff', permission: 'View Clients Summary' },
  get: (visit) => orWhereItWent(visit, () => drawn(visit)),
});

async function drawn(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  const groups = await listGroups(visit.ctx);
  const group = groups.find((one) => one.id === file.client.groupId);
  const readableDays = await settingOf(visit.ctx, closedReadableDays);
  const facts: Facts = {
    merges: await mergeRemarks(visit, file.client.id),
    group,
    readableUntil: (file.client.closedAt ?? 0) + days(readableDays),
    asksProof: file.owner !== undefined && (await isUnproven(visit.ctx, file.owner)),
    fields: await valuesFor(visit.ctx, file.client.id, 'staff'),
  };
  return show(clientTab(visit, file, { actions: actions(visit, file), body: summary(visit, file, facts) }));
}

function actions(visit: Visit, { href, owner }: ClientFile): Html | undefined {
  const { t } = visit.frame;
  const edits = may(visit, 'Edit Clients Details');
  const acts = owner !== undefined && may(visit, 'Allow Login as Owner');
  if (!edits && !acts) return undefined;
  return buttonRow(
    acts ? linkButton({ href: `${href}/acting`, text: t('support.acting.open'), icon: 'login-2' }) : undefined,
    edits ? linkButton({ href: `${href}/alerts`, text: t('records.alerts.open'), icon: 'bell' }) : undefined,
    edits ? linkButton({ href: `${href}/profile`, text: t('admin.client.edit'), icon: 'edit' }) : undefined,
  );
}

/** What became a part of it, its group, until when its people could look if it is closed, whether its owner's address is to be confirmed, what else is known of it. */
type Facts = {
  readonly merges: readonly Html[];
  readonly group: ClientGroup | undefined;
  readonly readableUntil: number;
  readonly asksProof: boolean;
  readonly fields: readonly FieldValue[];
};

function summary(visit: Visit, file: ClientFile, facts: Facts): Html {
  const { group, readableUntil } = facts;
  return stack(
    file.client.status === 'Closed' && closedRemark(visit, file.client, readableUntil),
    ...facts.merges,
    driftRemark(visit, file.client, file.owner),
    cardGrid(contact(visit, file, facts), account(visit, file, group)),
    customFields(visit, file, facts),
    switches(visit, file),
    file.client.notes !== '' && notes(visit, file.client),
    wayOut(visit, file),
  );
}

function closedRemark(visit: Visit, client: Client, readableUntil: number): Html {
  const { frame } = visit;
  const since = client.closedAt === undefined ? '' : frame.formatDate(client.closedAt);
  const until = frame.formatDate(readableUntil);
  const key = frame.now < readableUntil ? 'admin.client.closed.readable' : 'admin.client.closed.shut';
  return remark({ tone: 'info', body: frame.t(key, { since, until }) });
}

function contact(visit: Visit, { client, owner }: ClientFile, facts: Facts): Html {
  const { frame } = visit;
  const { t } = frame;
  const lines = addressLines(client, countryName(client.country, frame.language));
  return card({
    title: t('admin.client.contact'),
    body: definitions(frame, [
      {
        term: t('admin.client.owner'),
        value: owner && nameOf(owner),
        ...(owner && may(visit, 'List Users')
          ? { action: { href: `/admin/users/${owner.id}`, text: t('admin.client.owner.open') } }
          : {}),
      },
      owner && {
        term: t('admin.client.owner.email'),
        value: html`${owner.email} ${provenWord(frame, owner)}`,
        ...(facts.asksProof && may(visit, 'Reset User Credentials')
          ? {
              action: {
                href: `/admin/users/${owner.id}/verification?client=${client.id}`,
                text: t('registration.staff.link'),
              },
            }
          : {}),
      },
      owner && {
        term: t('admin.client.owner.lastSignIn'),
        value: ago(frame, owner.lastLoginAt, t('admin.client.never')),
      },
      { term: t('admin.client.field.name'), value: personOf(client) },
      { term: t('admin.client.field.companyName'), value: client.companyName },
      { term: t('admin.client.field.email'), value: client.email },
      { term: t('admin.client.field.phoneNumber'), value: phoneOf(client) },
      { term: t('admin.client.field.address'), value: html`${lines.map((line) => html`<div>${line}</div>`)}` },
      { term: t('admin.client.field.taxId'), value: client.taxId },
    ]),
  });
}

/** A number reads from left to right in every language. */
function phoneOf(client: Client): Html | undefined {
  if (client.phoneNumber === '') return undefined;
  return html`<bdi dir="ltr">${client.phoneNumber.replace('.', ' ')}</bdi>`;
}

function account(visit: Visit, { client, currency, href }: ClientFile, group: ClientGroup | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    title: t('admin.client.account'),
    body: definitions(frame, [
      { term: t('admin.client.credit'), value: frame.formatMoney(client.creditMinor, currency) },
      { term: t('admin.client.field.currency'), value: currency },
      { term: t('admin.client.field.groupId'), value: group ? groupMark(group) : t('admin.client.group.none') },
      {
        term: t('admin.client.field.language'),
        value: client.language === '' ? t('admin.client.language.default') : languageOf(client.language).name,
      },
      { term: t('admin.client.field.defaultGateway'), value: client.defaultGateway },
      {
        term: t('admin.client.field.marketingOptIn'),
        value: yesNo(visit, client.marketingOptIn),
        action: { href: `${href}/consent`, text: t('records.consent.open') },
      },
      { term: t('admin.client.since'), value: date(frame, client.createdAt) },
      { term: t('admin.client.changed'), value: ago(frame, client.updatedAt) },
      client.closedAt !== undefined && { term: t('admin.client.closedAt'), value: dateTime(frame, client.closedAt) },
      { term: t('admin.client.signupIp'), value: client.signupIp },
      {
        term: t('admin.client.uuid'),
        value: html`<span class="font-monospace text-break user-select-all">${client.uuid}</span>`,
      },
    ]),
  });
}

/** What the operator asks beyond the profile. What is hidden is shown on a page of its own. */
function customFields(visit: Visit, { client }: ClientFile, { fields }: Facts): Html | undefined {
  if (fields.length === 0) return undefined;
  const { frame } = visit;
  const { t } = frame;
  const reveal = may(visit, 'Edit Clients Details');
  return card({
    title: t('fields.title'),
    body: definitions(
      frame,
      fields.map((one) => ({
        term: one.field.name,
        value: fieldValueText(frame, one),
        ...(reveal && one.field.type === 'password' && one.isSet
          ? { action: { href: `/admin/clients/${client.id}/fields/${one.field.id}`, text: t('fields.reveal.link') } }
          : {}),
      })),
    ),
  });
}

function switches(visit: Visit, { client, href }: ClientFile): Html {
  const { frame } = visit;
  const { t } = frame;
  const act: Column<ClientSwitch> = {
    heading: t('admin.client.switch.act'),
    kind: 'actions',
    cell: (name) => turnButton(visit, href, name, !isOn(client, name)),
  };
  return card({
    title: t('admin.client.switches'),
    flush: table<ClientSwitch>(frame, {
      caption: t('admin.client.switches'),
      rows: CLIENT_SWITCHES,
      empty: html``,
      columns: [
        { heading: t('admin.client.switch.name'), kind: 'name', cell: (name) => t(switchWord(name)) },
        { heading: t('admin.client.switch.effect'), cell: (name) => t(switchHelp(name)) },
        { heading: t('admin.client.switch.state'), kind: 'short', cell: (name) => yesNo(visit, isOn(client, name)) },
        ...(may(visit, 'Edit Clients Details') ? [act] : []),
      ],
    }),
  });
}

/** Says what it should become, so that a second press of an old page does not turn it back. */
function turnButton(visit: Visit, href: string, name: ClientSwitch, on: boolean): Html {
  const { t } = visit.frame;
  return postButton(visit.frame, {
    action: `${href}/switches`,
    text: on ? t('admin.client.switch.on') : t('admin.client.switch.off'),
    about: t(switchWord(name)),
    fields: { switch: name, to: on ? 'on' : 'off' },
    small: true,
  });
}

function yesNo(visit: Visit, yes: boolean): Html {
  const { t } = visit.frame;
  return yes ? status('good', t('admin.client.yes')) : status('quiet', t('admin.client.no'));
}

function notes(visit: Visit, client: Client): Html {
  const paragraphs = client.notes.split('\n').map((line) => html`<div>${line === '' ? html`<br>` : line}</div>`);
  return card({
    title: visit.frame.t('admin.client.field.notes'),
    body: html`<div class="text-break">${paragraphs}</div>`,
  });
}

function wayOut(visit: Visit, { client, href }: ClientFile): Html | undefined {
  const { t } = visit.frame;
  const merge = may(visit, 'Merge Clients');
  const close = client.status !== 'Closed' && may(visit, 'Close Clients');
  const remove = may(visit, 'Delete Client');
  if (!merge && !close && !remove) return undefined;
  return card({
    title: t('admin.client.end'),
    intro: t('admin.client.end.text'),
    tone: 'danger',
    body: buttonRow(
      merge ? linkButton({ href: `${href}/merge`, text: t('merging.open') }) : undefined,
      close ? linkButton({ href: `${href}/close`, text: t('admin.client.close') }) : undefined,
      remove ? linkButton({ href: `${href}/deletion`, text: t('admin.client.delete'), icon: 'trash' }) : undefined,
    ),
  });
}
