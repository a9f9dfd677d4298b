// The profile of a client: every field that staff may change. Fields: those of the profile; the custom ones; status, groupId, currency,
// language, defaultGateway; the switches; emailPreferences; notes. The credit, the owner and the ids are not among them.

import { requiredFields } from '#domain/clients/client-profile.ts';
import type { Client, ClientStatus, ClientSwitches } from '#domain/clients/clients.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import { changeClientAndFields } from '#domain/fields/account-changes.ts';
import type { FieldValue } from '#domain/fields/field-values.ts';
import { valuesFor } from '#domain/fields/field-values.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { conflict, invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import {
  accountSelects,
  notesField,
  typedAccount,
  typedProfile,
  whereSection,
  whoSection,
} from '#web/client-fields.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { CLIENT_SWITCHES, isOn, switchHelp, switchWord, turned } from '#web/client-switches.ts';
import { customFieldInputs, drawnFields, typedFields } from '#web/custom-fields.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkbox, checkboxGroup, selectField } from '#web/parts/choice.ts';
import { readOnlyField, textField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { may } from '#web/staff.ts';

const LONGEST_GATEWAY = 100;

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(
      clientTab(visit, file, { tab: visit.frame.t('admin.client.tab.profile'), body: await picture(visit, file) }),
    );
  },
  post: save,
});

async function save(visit: Visit): Promise<Answer> {
  const { ctx, form: typed } = visit;
  const { client, href } = await clientFileOf(visit);
  requireSeen(visit, client);
  const account = typedAccount(typed);
  const gateway = oneLine(typed.text('defaultGateway'));
  const status = offeredStatuses(visit, client).find((one) => one === typed.text('status'));
  const faults = { ...account.faults };
  if (gateway.length > LONGEST_GATEWAY) faults['defaultGateway'] = 'too-long';
  if (status === undefined) faults['status'] = 'setting-not-an-option';
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const change = {
    ...typedProfile(typed),
    ...account.fields,
    ...typedSwitches(visit),
    status: status ?? client.status,
    defaultGateway: gateway,
    separateInvoices: typed.has('separateInvoices'),
    overrideAutoClose: typed.has('overrideAutoClose'),
    emailPreferences: typedPreferences(visit),
  };
  const changed = await changeClientAndFields(ctx, visit.actor, client.id, change, typedFields(typed));
  const key = changed.length > 0 ? 'admin.client.saved' : 'admin.client.unchanged';
  return goTo(`${href}/profile`, { tone: changed.length > 0 ? 'success' : 'info', key });
}

/** Refuses to write over what somebody else saved meanwhile. The form drawn again holds the newest mark: a second press means it. */
function requireSeen(visit: Visit, client: Client): void {
  const seen = visit.form.text('seen');
  if (seen !== '' && seen !== String(client.updatedAt)) throw conflict('changed-meanwhile');
}

/**
 * The states that this form offers. Closing has a page of its own, which says what it means; opening a closed account
 * again asks for the same permission as closing it.
 */
function offeredStatuses(visit: Visit, client: Client): readonly ClientStatus[] {
  if (client.status !== 'Closed') return ['Active', 'Inactive'];
  return may(visit, 'Close Clients') ? ['Closed', 'Active', 'Inactive'] : ['Closed'];
}

function typedSwitches(visit: Visit): Partial<ClientSwitches> {
  const all: Partial<ClientSwitches> = {};
  for (const name of CLIENT_SWITCHES) Object.assign(all, turned(name, visit.form.has(name)));
  return all;
}

function typedPreferences(visit: Visit): EmailPreferences {
  const wanted = visit.form.all('emailPreferences');
  const has = (name: (typeof EMAIL_CATEGORIES)[number]) => wanted.includes(name);
  return {
    general: has('general'),
    invoice: has('invoice'),
    support: has('support'),
    product: has('product'),
    domain: has('domain'),
    affiliate: has('affiliate'),
  };
}

async function picture(visit: Visit, { client, href }: ClientFile): Promise<Html> {
  const { ctx, frame, errors } = visit;
  const required = await requiredFields(ctx);
  const values = await valuesFor(ctx, client.id, 'staff');
  const cancel = may(visit, 'View Clients Summary')
    ? linkButton({ href, text: frame.t('admin.client.cancel') })
    : undefined;
  return card({
    body: form(frame, {
      errors,
      button: frame.t('admin.client.save'),
      secondary: cancel,
      body: html`${hiddenField('seen', client.updatedAt)}${whoSection(visit, client, required)}${whereSection(visit, client, required)}${await accountSection(
        visit,
        client,
      )}${customSection(visit, values)}${switchSection(visit, client)}${letterSection(visit, client)}${notesSection(visit, client)}${drawnFields(values.map((one) => one.field))}`,
    }),
  });
}

async function accountSection(visit: Visit, client: Client): Promise<Html> {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const offered = offeredStatuses(visit, client);
  const help =
    client.status !== 'Closed'
      ? t('admin.client.field.status.help')
      : offered.length === 1
        ? t('admin.client.field.status.locked')
        : t('admin.client.field.status.reopen');
  return formSection({
    title: t('admin.client.section.account'),
    body: html`${selectField(frame, {
      name: 'status',
      label: t('admin.client.field.status'),
      help,
      value: textOr(typed, 'status', client.status),
      errors,
      choices: offered.map((one) => ({ value: one, text: t(`admin.clients.status.${one}`) })),
    })}${await accountSelects(visit, client)}${textField(frame, {
      name: 'defaultGateway',
      label: t('admin.client.field.defaultGateway'),
      help: t('admin.client.field.defaultGateway.help'),
      value: textOr(typed, 'defaultGateway', client.defaultGateway),
      errors,
      required: false,
      autocomplete: 'off',
      spellcheck: false,
      maxlength: LONGEST_GATEWAY,
    })}`,
  });
}

/** What the operator asks beyond the profile. */
function customSection(visit: Visit, values: readonly FieldValue[]): Html | undefined {
  const fields = values.map((one) => one.field);
  const body = customFieldInputs(visit, fields, 'staff', values);
  return body && formSection({ title: visit.frame.t('fields.section.more'), body });
}

function switchSection(visit: Visit, client: Client): Html {
  const { frame, form: typed } = visit;
  const { t } = frame;
  const turnable = CLIENT_SWITCHES.map((name) =>
    checkbox(frame, {
      name,
      label: t(switchWord(name)),
      help: t(switchHelp(name)),
      checked: tickOr(typed, name, isOn(client, name)),
    }),
  );
  const further = (['separateInvoices', 'overrideAutoClose'] as const).map((name) =>
    checkbox(frame, {
      name,
      label: t(`admin.client.field.${name}`),
      help: t(`admin.client.field.${name}.help`),
      checked: tickOr(typed, name, client[name]),
    }),
  );
  return formSection({ title: t('admin.client.switches'), body: html`${turnable}${further}` });
}

function letterSection(visit: Visit, client: Client): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const stored = EMAIL_CATEGORIES.filter((name) => client.emailPreferences[name]);
  return formSection({
    title: t('admin.client.section.letters'),
    body: html`${checkboxGroup(frame, {
      name: 'emailPreferences',
      label: t('admin.client.field.emailPreferences'),
      help: t('admin.client.field.emailPreferences.help'),
      errors,
      values: typed.given ? typed.all('emailPreferences') : stored,
      choices: EMAIL_CATEGORIES.map((name) => ({ value: name, text: t(`admin.client.letters.${name}`) })),
      columns: true,
    })}${readOnlyField(frame, {
      label: t('admin.client.field.marketingOptIn'),
      value: html`${client.marketingOptIn ? t('admin.client.yes') : t('admin.client.no')} · <a href="/admin/clients/${client.id}/consent">${t('records.consent.open')}</a>`,
    })}`,
  });
}

function notesSection(visit: Visit, client: Client): Html {
  return formSection({ title: visit.frame.t('admin.client.section.notes'), body: notesField(visit, client.notes) });
}
