// The fields of a client as staff fill them in, and how what they typed is read. Only the fields named here are read:
// whatever else a request carries (an id, a credit, an owner) is not looked at.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { Client, ClientSwitches } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { listGroups } from '#domain/clients/groups.ts';
import { isLanguage } from '#domain/users/users.ts';
import { countries } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { languages } from '#src/locales/words.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import type { Choice } from '#web/parts/choice.ts';
import { selectField } from '#web/parts/choice.ts';
import { emailField, textArea, textField } from '#web/parts/field.ts';
import { fieldRow, formSection } from '#web/parts/form.ts';

const LONGEST_LINE = 255;
const LONGEST_NOTES = 20_000;

/** The choices and notes of an account that stand on both forms. */
export type AccountFields = Pick<ClientSwitches, 'language' | 'currencyId' | 'groupId' | 'notes'>;

/** The profile as typed. */
export function typedProfile(form: Form): ClientProfile {
  return {
    firstName: form.text('firstName'),
    lastName: form.text('lastName'),
    companyName: form.text('companyName'),
    email: form.text('email').trim(),
    address1: form.text('address1'),
    address2: form.text('address2'),
    city: form.text('city'),
    state: form.text('state'),
    postcode: form.text('postcode'),
    country: form.text('country'),
    phoneNumber: form.text('phoneNumber').trim(),
    taxId: form.text('taxId'),
  };
}

/** The choices as typed, with their faults by field. What names no currency or group is refused where they are known. */
export function typedAccount(form: Form): { fields: AccountFields; faults: Record<string, string> } {
  const language = form.text('language');
  const notes = form.text('notes');
  const faults: Record<string, string> = {};
  if (!isLanguage(language)) faults['language'] = 'setting-not-an-option';
  if (notes.length > LONGEST_NOTES) faults['notes'] = 'too-long';
  return {
    fields: {
      language,
      notes,
      currencyId: numberOr(form.text('currency'), -1),
      groupId: numberOr(form.text('groupId'), -1),
    },
    faults,
  };
}

/** Who the account is: names, company, the address of its mail. */
export function whoSection(visit: Visit, stored: ClientProfile, required: readonly string[]): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const line = (name: keyof ClientProfile) => lineField(visit, name, stored, required);
  return formSection({
    title: t('admin.client.section.who'),
    intro: t('admin.client.section.who.help'),
    body: html`${fieldRow(line('firstName'), line('lastName'))}${line('companyName')}${emailField(frame, {
      name: 'email',
      label: t('admin.client.field.email'),
      help: t('admin.client.field.email.help'),
      value: textOr(form, 'email', stored.email),
      errors,
      required: true,
      autocomplete: 'off',
    })}`,
  });
}

/** Where the account is and by which number, in the order in which faults are told, and its tax id; `more` stands below. */
export function whereSection(visit: Visit, stored: ClientProfile, required: readonly string[], more?: Html): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const line = (name: keyof ClientProfile) => lineField(visit, name, stored, required);
  return formSection({
    title: t('admin.client.section.where'),
    body: html`${line('address1')}${line('address2')}${fieldRow(line('city'), line('state'), line('postcode'))}${selectField(
      frame,
      {
        name: 'country',
        label: t('admin.client.field.country'),
        value: textOr(form, 'country', stored.country),
        errors,
        required: true,
        choose: t('admin.client.field.country.choose'),
        choices: countries(frame.language).map(({ code, name }) => ({ value: code, text: name })),
        autocomplete: 'off',
      },
    )}${textField(frame, {
      name: 'phoneNumber',
      label: t('admin.client.field.phoneNumber'),
      help: t('admin.client.field.phoneNumber.help'),
      value: textOr(form, 'phoneNumber', stored.phoneNumber),
      errors,
      required: required.includes('phoneNumber'),
      type: 'tel',
      inputmode: 'tel',
      autocomplete: 'off',
      width: 'medium',
      maxlength: 40,
    })}${line('taxId')}${more}`,
  });
}

/** The fields of the account itself: language, currency, group. */
export async function accountSelects(visit: Visit, stored: AccountFields): Promise<Html> {
  const { ctx, frame, form, errors } = visit;
  const { t } = frame;
  const [currencies, groups] = await Promise.all([listCurrencies(ctx), listGroups(ctx)]);
  const noGroup: Choice = { value: '0', text: t('admin.client.group.none') };
  return html`${selectField(frame, {
    name: 'groupId',
    label: t('admin.client.field.groupId'),
    value: textOr(form, 'groupId', String(stored.groupId)),
    errors,
    choices: [noGroup, ...groups.map((group) => ({ value: String(group.id), text: group.name }))],
  })}${selectField(frame, {
    name: 'currency',
    label: t('admin.client.field.currency'),
    help: t('admin.client.field.currency.help'),
    value: textOr(form, 'currency', String(stored.currencyId)),
    errors,
    choices: currencies.map((currency) => ({ value: String(currency.id), text: currency.code })),
  })}${languageField(visit, stored.language)}`;
}

/** The language of letters and pages; of a client and of a user alike. */
export function languageField(visit: Visit, stored: string): Html {
  const { frame, form, errors } = visit;
  const byDefault: Choice = { value: '', text: frame.t('admin.client.language.default') };
  return selectField(frame, {
    name: 'language',
    label: frame.t('admin.client.field.language'),
    value: textOr(form, 'language', stored),
    errors,
    choices: [byDefault, ...languages.map((one) => ({ value: one.wire, text: one.name }))],
  });
}

/** The notes of staff. */
export function notesField(visit: Visit, stored: string): Html {
  const { frame, form, errors } = visit;
  return textArea(frame, {
    name: 'notes',
    label: frame.t('admin.client.field.notes'),
    help: frame.t('admin.client.field.notes.help'),
    value: textOr(form, 'notes', stored),
    errors,
    rows: 5,
    maxlength: LONGEST_NOTES,
    required: false,
  });
}

/** The lines of an address as a letter has them; empty ones left out. */
export function addressLines(client: Client, country: string): string[] {
  const { address1, address2, city, state, postcode } = client;
  return [address1, address2, city, state, postcode, country].filter((line) => line !== '');
}

function lineField(visit: Visit, name: keyof ClientProfile, stored: ClientProfile, required: readonly string[]): Html {
  const { frame, form, errors } = visit;
  return textField(frame, {
    name,
    label: frame.t(`admin.client.field.${name}`),
    value: textOr(form, name, stored[name]),
    errors,
    required: required.includes(name),
    autocomplete: 'off', // the browser would offer the address of whoever types
    spellcheck: false,
    maxlength: LONGEST_LINE,
  });
}

function numberOr(text: string, otherwise: number): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
