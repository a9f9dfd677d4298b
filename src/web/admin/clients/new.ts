// Adding a client: its profile, and its owner, who is a new person or somebody who is a user already.
// Fields: those of the profile; the custom ones; groupId, currency, language, notes; owner (new, existing), ownerEmail, password, welcome, lenient.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { EMPTY_PROFILE, profileFaults, requiredFields } from '#domain/clients/client-profile.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { CustomField } from '#domain/fields/custom-fields.ts';
import { fieldsFor } from '#domain/fields/field-values.ts';
import { defaultCountry } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { NewOwner } from '#domain/signup/new-client.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { AccountFields } from '#web/client-fields.ts';
import {
  accountSelects,
  notesField,
  typedAccount,
  typedProfile,
  whereSection,
  whoSection,
} from '#web/client-fields.ts';
import { listLink } from '#web/client-profile.ts';
import { customFieldInputs, drawnFields, typedFields } from '#web/custom-fields.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkbox, radioGroup } from '#web/parts/choice.ts';
import { emailField, passwordField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { may } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Add New Client' },
  get: async (visit) => show(await picture(visit)),
  post: add,
});

async function add(visit: Visit): Promise<Answer> {
  const { ctx, form: typed } = visit;
  const profile = typedProfile(typed);
  const account = typedAccount(typed);
  const lenient = typed.has('lenient');
  const owner = await typedOwner(visit);
  const faults = { ...(await profileFaults(ctx, profile, lenient)), ...account.faults, ...owner.faults };
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const { clientId } = await addClientWithOwner(ctx, visit.actor, {
    profile: { ...profile, ...account.fields },
    owner: owner.is,
    welcome: typed.has('welcome'),
    lenient,
    fields: { typed: typedFields(typed), filling: { audience: 'staff', requiredOf: 'newcomer', lenient } },
    signupIp: '', // the address of whoever types is not the client's
  });
  const key = letterGoes(visit, owner.is) ? 'admin.client.added.letter' : 'admin.client.added';
  const to = may(visit, 'View Clients Summary') ? `/admin/clients/${clientId}` : listLink(visit).href;
  return goTo(to, { tone: 'success', key, values: { address: profile.email } });
}

/** The owner as typed. An existing one is found by the whole address alone: this is no place to look around. */
async function typedOwner(visit: Visit): Promise<{ is: NewOwner; faults: Record<string, string> }> {
  const { ctx, form: typed } = visit;
  if (typed.text('owner') === 'existing') {
    const user = await findUserByEmail(ctx, oneLine(typed.text('ownerEmail')));
    return { is: { kind: 'existing', userId: user?.id ?? 0 }, faults: user ? {} : { ownerEmail: 'owner-not-found' } };
  }
  const password = typed.text('password');
  if (password === '' && !typed.has('welcome')) {
    return { is: { kind: 'new', password: undefined }, faults: { password: 'password-or-letter' } };
  }
  return { is: { kind: 'new', password: password === '' ? undefined : password }, faults: {} };
}

function letterGoes(visit: Visit, owner: NewOwner): boolean {
  return owner.kind === 'new' && visit.form.has('welcome');
}

async function picture(visit: Visit): Promise<Html> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const required = await requiredFields(ctx);
  const fields = await fieldsFor(ctx, 'staff');
  const country = await settingOf(ctx, defaultCountry);
  const back = listLink(visit);
  return adminRoom(frame, {
    title: t('admin.client.new.title'),
    back,
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.client.new.button'),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`${sections(visit, required, { ...EMPTY_PROFILE, country })}${customSection(visit, fields)}${await accountSection(visit)}${ownerSection(visit)}${drawnFields(fields)}`,
      }),
    }),
  });
}

function sections(visit: Visit, required: readonly (keyof ClientProfile)[], stored: ClientProfile): Html {
  const { t } = visit.frame;
  const lenient = checkbox(visit.frame, {
    name: 'lenient',
    label: t('admin.client.field.lenient'),
    help: t('admin.client.field.lenient.help'),
    checked: tickOr(visit.form, 'lenient', false),
  });
  return html`${whoSection(visit, stored, required)}${whereSection(visit, stored, required, lenient)}`;
}

/** What the operator asks beyond the profile. */
function customSection(visit: Visit, fields: readonly CustomField[]): Html | undefined {
  const body = customFieldInputs(visit, fields, 'newcomer');
  return body && formSection({ title: visit.frame.t('fields.section.more'), body });
}

async function accountSection(visit: Visit): Promise<Html> {
  const currencies = await listCurrencies(visit.ctx);
  const fresh: AccountFields = {
    language: '',
    groupId: 0,
    currencyId: currencies.find((one) => one.isDefault)?.id ?? 0,
    notes: '',
  };
  return formSection({
    title: visit.frame.t('admin.client.section.account'),
    body: html`${await accountSelects(visit, fresh)}${notesField(visit, fresh.notes)}`,
  });
}

function ownerSection(visit: Visit): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  return formSection({
    title: t('admin.client.section.owner'),
    intro: t('admin.client.section.owner.help'),
    body: html`${radioGroup(frame, {
      name: 'owner',
      label: t('admin.client.field.owner'),
      value: typed.text('owner') === 'existing' ? 'existing' : 'new',
      choices: [
        { value: 'new', text: t('admin.client.owner.new'), help: t('admin.client.owner.new.help') },
        { value: 'existing', text: t('admin.client.owner.existing'), help: t('admin.client.owner.existing.help') },
      ],
    })}${checkbox(frame, {
      name: 'welcome',
      label: t('admin.client.field.welcome'),
      help: t('admin.client.field.welcome.help'),
      checked: tickOr(typed, 'welcome', true),
    })}${passwordField(frame, {
      name: 'password',
      label: t('admin.client.field.password'),
      help: t('admin.client.field.password.help'),
      errors,
      required: false,
      autocomplete: 'new-password',
    })}${emailField(frame, {
      name: 'ownerEmail',
      label: t('admin.client.field.ownerEmail'),
      help: t('admin.client.field.ownerEmail.help'),
      value: typed.text('ownerEmail'),
      errors,
      required: false,
      autocomplete: 'off',
    })}`,
  });
}
