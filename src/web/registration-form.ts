// The form of an account that somebody opens by themselves: who they are, where, what else is asked, the terms.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { requiredFields } from '#domain/clients/client-profile.ts';
import type { Currency } from '#domain/clients/currencies.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { ConsentQuestion } from '#domain/consent/consent.ts';
import { consentQuestion } from '#domain/consent/consent.ts';
import type { CustomField } from '#domain/fields/custom-fields.ts';
import { fieldsFor } from '#domain/fields/field-values.ts';
import { defaultCountry } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { termsAddress } from '#domain/signup/registration.settings.ts';
import type { RegistrationForm } from '#domain/signup/registration.ts';
import { countries } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { languageOf, languages } from '#src/locales/words.ts';
import { consentBox } from '#web/consent-parts.ts';
import { customFieldInputs, drawnFields, typedFields } from '#web/custom-fields.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { checkbox, selectField } from '#web/parts/choice.ts';
import type { TextOptions } from '#web/parts/field.ts';
import { emailField, textField } from '#web/parts/field.ts';
import { fieldRow, formSection } from '#web/parts/form.ts';

/** What the form is drawn by. */
export type Asked = {
  readonly required: readonly string[];
  readonly fields: readonly CustomField[];
  readonly currencies: readonly Currency[];
  readonly terms: string;
  readonly question: ConsentQuestion;
  readonly country: string;
};

/** Reads the settings by which the form is drawn. */
export async function askedOf({ ctx }: Visit): Promise<Asked> {
  const [required, fields, currencies, terms, question, country] = await Promise.all([
    requiredFields(ctx),
    fieldsFor(ctx, 'newcomer'),
    listCurrencies(ctx),
    settingOf(ctx, termsAddress),
    consentQuestion(ctx),
    settingOf(ctx, defaultCountry),
  ]);
  return { required, fields, currencies, terms, question, country };
}

/** What was typed, and nothing else that a request may carry: no group, no status, no credit, no field for staff. */
export function typedRegistration(form: Form): RegistrationForm {
  const text = (name: string) => form.text(name);
  const currency = text('currency');
  return {
    profile: {
      firstName: text('firstName'),
      lastName: text('lastName'),
      companyName: text('companyName'),
      email: text('email').trim(),
      address1: text('address1'),
      address2: text('address2'),
      city: text('city'),
      state: text('state'),
      postcode: text('postcode'),
      country: text('country'),
      phoneNumber: text('phoneNumber').trim(),
      taxId: text('taxId'),
    },
    language: text('language'),
    currencyId: /^[1-9]\d{0,8}$/.test(currency) ? Number(currency) : undefined,
    marketingOptIn: form.has('marketing'),
    fields: typedFields(form),
    acceptsTerms: form.has('terms'),
  };
}

/** The inputs. `before` stands in the first section, below the address: the password of somebody new. */
export function registrationFields(
  visit: Visit,
  asked: Asked,
  given: { readonly stored: Partial<ClientProfile>; readonly before?: Html; readonly titles: boolean },
): Html {
  const { frame } = visit;
  const { t } = frame;
  const line = (name: keyof ClientProfile, options: Partial<TextOptions> = {}) =>
    lineField(visit, asked, given.stored, name, options);
  const section = (title: string, body: Html) =>
    given.titles ? formSection({ title, body }) : html`<h2 class="h3">${title}</h2>${body}`;
  const more = customFieldInputs(visit, asked.fields, 'newcomer');
  return html`${section(
    t('registration.section.who'),
    html`${fieldRow(line('firstName', { autocomplete: 'given-name' }), line('lastName', { autocomplete: 'family-name' }))}${line(
      'companyName',
      { autocomplete: 'organization' },
    )}${line('email', { autocomplete: 'username' })}${given.before}${line('phoneNumber', {
      autocomplete: 'tel',
      inputmode: 'tel',
      type: 'tel',
      help: t('registration.phone.help'),
    })}`,
  )}${section(
    t('registration.section.where'),
    html`${line('address1', { autocomplete: 'address-line1' })}${line('address2', { autocomplete: 'address-line2' })}${fieldRow(
      line('city', { autocomplete: 'address-level2' }),
      line('postcode', { autocomplete: 'postal-code', spellcheck: false }),
    )}${line('state', { autocomplete: 'address-level1' })}${countryField(visit, given.stored.country ?? asked.country)}${line(
      'taxId',
      {
        spellcheck: false,
      },
    )}`,
  )}${section(
    t('registration.section.more'),
    html`${more}${languageField(visit)}${currencyField(visit, asked)}${marketingField(visit, asked)}${termsField(visit, asked)}`,
  )}${drawnFields(asked.fields)}`;
}

function lineField(
  { frame, form, errors }: Visit,
  { required }: Asked,
  stored: Partial<ClientProfile>,
  name: keyof ClientProfile,
  options: Partial<TextOptions>,
): Html {
  const settled: TextOptions = {
    maxlength: name === 'email' ? 254 : 255,
    ...options,
    name,
    label: frame.t(`client.field.${name}`),
    value: textOr(form, name, stored[name] ?? ''),
    errors,
    required: required.includes(name),
  };
  return name === 'email' ? emailField(frame, settled) : textField(frame, settled);
}

function countryField({ frame, form, errors }: Visit, chosen: string): Html {
  return selectField(frame, {
    name: 'country',
    label: frame.t('client.field.country'),
    value: textOr(form, 'country', chosen),
    errors,
    required: true,
    autocomplete: 'country',
    choose: frame.t('client.details.choose-country'),
    choices: countries(frame.language).map(({ code, name }) => ({ value: code, text: name })),
  });
}

/** In the language that they read just now, unless they choose another. */
function languageField({ frame, form, errors }: Visit): Html {
  return selectField(frame, {
    name: 'language',
    label: frame.t('registration.language'),
    value: textOr(form, 'language', languageOf(frame.language).wire),
    errors,
    width: 'medium',
    choices: languages.map(({ wire, name }) => ({ value: wire, text: name })),
  });
}

function currencyField({ frame, form, errors }: Visit, { currencies }: Asked): Html | undefined {
  if (currencies.length < 2) return undefined;
  const usual = currencies.find((one) => one.isDefault)?.id ?? '';
  return selectField(frame, {
    name: 'currency',
    label: frame.t('registration.currency'),
    help: frame.t('registration.currency.help'),
    value: textOr(form, 'currency', String(usual)),
    errors,
    width: 'medium',
    choices: currencies.map(({ id, code }) => ({ value: String(id), text: code })),
  });
}

function marketingField({ frame, form, errors }: Visit, { question }: Asked): Html | undefined {
  if (!question.asked) return undefined;
  const checked = tickOr(form, 'marketing', question.startsTicked);
  return consentBox(frame, { question, name: 'marketing', checked, errors });
}

function termsField({ frame, form, errors }: Visit, { terms }: Asked): Html | undefined {
  if (terms === '') return undefined;
  const { t } = frame;
  return checkbox(frame, {
    name: 'terms',
    label: t('registration.terms'),
    help: html`<a href="${terms}" target="_blank" rel="noopener noreferrer">${t('registration.terms.read')}</a>`,
    errors,
    required: true,
    checked: form.given && form.has('terms'),
  });
}
