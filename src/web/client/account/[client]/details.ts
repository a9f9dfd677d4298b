// The details of an account: who it bills, where, and how to reach them. Locked fields are shown and can be changed by
// staff alone; a closed account is for reading.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { countryOf, requiredFields } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { DETAIL_FIELDS, lockedNames } from '#domain/clients/own-details.ts';
import type { ConsentQuestion } from '#domain/consent/consent.ts';
import { consentQuestion } from '#domain/consent/consent.ts';
import { changeDetailsAndFields } from '#domain/fields/account-changes.ts';
import type { FieldValue } from '#domain/fields/field-values.ts';
import { valuesFor } from '#domain/fields/field-values.ts';
import { supportAddress } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { countries } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { phoneParts } from '#kit/phone.ts';
import { consentBox } from '#web/consent-parts.ts';
import { customFieldInputs, drawnFields, typedFields } from '#web/custom-fields.ts';
import type { Form, VisitOf } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { card, stack } from '#web/parts/card.ts';
import { selectField } from '#web/parts/choice.ts';
import { definitions } from '#web/parts/definitions.ts';
import type { TextOptions } from '#web/parts/field.ts';
import { emailField, readOnlyField, textField } from '#web/parts/field.ts';
import { fieldRow, form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type DetailsVisit = VisitOf<{ is: 'account'; permission: 'profile' }>;
type Field = keyof ClientProfile;

/** What the form knows beside the visit. */
type Rules = {
  readonly locked: ReadonlySet<string>;
  readonly required: readonly Field[];
  readonly support: string;
  readonly question: ConsentQuestion;
  readonly values: readonly FieldValue[];
};

/** Fields: those of DETAIL_FIELDS, the custom fields for customers, and marketingOptIn; whatever else is posted, or is locked, stays as it is. */
export default page({
  who: { is: 'account', permission: 'profile' },

  get: async (visit) => {
    if (visit.account.client.status === 'Closed') return show(closedPicture(visit));
    return show(
      picture(visit, {
        locked: await lockedNames(visit.ctx),
        required: await requiredFields(visit.ctx),
        support: await settingOf(visit.ctx, supportAddress),
        question: await consentQuestion(visit.ctx),
        values: await valuesFor(visit.ctx, visit.account.client.id, 'customer'),
      }),
    );
  },

  post: async ({ ctx, actor, account, form: typed }) => {
    const { client } = account;
    const { asked } = await consentQuestion(ctx);
    const marketingOptIn = asked ? typed.has('marketingOptIn') : client.marketingOptIn;
    const given = { ...typedProfile(typed, client), marketingOptIn };
    const changed = await changeDetailsAndFields(ctx, actor, client.id, given, typedFields(typed));
    const key = changed.length > 0 ? 'client.details.saved' : 'client.details.same';
    return goTo(`/account/${client.id}/details`, { tone: changed.length > 0 ? 'success' : 'info', key });
  },
});

/** A field that the form did not have stays as it is. */
function typedProfile(typed: Form, client: Client): ClientProfile {
  const value = (field: Field): string => (typed.has(field) ? typed.text(field) : client[field]);
  return {
    firstName: value('firstName'),
    lastName: value('lastName'),
    companyName: value('companyName'),
    email: value('email'),
    address1: value('address1'),
    address2: value('address2'),
    city: value('city'),
    state: value('state'),
    postcode: value('postcode'),
    country: value('country'),
    phoneNumber: value('phoneNumber'),
    taxId: value('taxId'),
  };
}

function picture(visit: DetailsVisit, rules: Rules): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const field = (name: Field, options: Partial<TextOptions> = {}): Html => line(visit, rules, name, options);
  const locked = DETAIL_FIELDS.some((name) => rules.locked.has(name));
  return clientRoom(frame, {
    title: t('client.details.title'),
    intro: t('client.details.intro'),
    errors,
    body: stack(
      locked && remark({ tone: 'info', body: lockedWords(visit, rules) }),
      card({
        body: form(frame, {
          errors,
          button: t('client.details.button'),
          body: html`${formSection({
            title: t('client.details.who'),
            intro: t('client.details.who-intro'),
            body: html`${fieldRow(
              field('firstName', { autocomplete: 'given-name' }),
              field('lastName', { autocomplete: 'family-name' }),
            )}${field('companyName', { autocomplete: 'organization' })}${field('taxId', { width: 'medium', spellcheck: false, help: t('client.details.tax-help') })}`,
          })}${formSection({
            title: t('client.details.where'),
            body: html`${field('address1', { autocomplete: 'address-line1' })}${field('address2', {
              autocomplete: 'address-line2',
            })}${fieldRow(
              field('city', { autocomplete: 'address-level2' }),
              field('postcode', { autocomplete: 'postal-code', spellcheck: false }),
            )}${field('state', { autocomplete: 'address-level1' })}${country(visit, rules)}`,
          })}${formSection({
            title: t('client.details.reach'),
            intro: t('client.details.reach-intro'),
            body: html`${field('email', { autocomplete: 'email' })}${field('phoneNumber', {
              autocomplete: 'tel',
              inputmode: 'tel',
              type: 'tel',
              width: 'medium',
              help: t('client.details.phone-help'),
            })}${
              rules.question.asked &&
              consentBox(frame, {
                question: rules.question,
                name: 'marketingOptIn',
                checked: tickOr(visit.form, 'marketingOptIn', visit.account.client.marketingOptIn),
                errors,
              })
            }`,
          })}${moreSection(visit, rules.values)}${drawnFields(rules.values.map((one) => one.field))}`,
        }),
      }),
    ),
  });
}

/** What else the operator asks. */
function moreSection(visit: DetailsVisit, values: readonly FieldValue[]): Html | undefined {
  const fields = values.map((one) => one.field);
  const body = customFieldInputs(visit, fields, 'customer', values);
  return body && formSection({ title: visit.frame.t('fields.section.more.customer'), body });
}

function line(visit: DetailsVisit, { locked, required }: Rules, name: Field, options: Partial<TextOptions>): Html {
  const { frame, account, errors } = visit;
  const label = frame.t(`client.field.${name}`);
  const stored = storedText(account.client, name);
  if (locked.has(name)) return readOnlyField(frame, { label, value: stored || '–', why: frame.t('client.locked') });
  const settled: TextOptions = {
    maxlength: 255,
    ...options,
    name,
    label,
    value: textOr(visit.form, name, stored),
    errors,
    required: required.includes(name),
  };
  return name === 'email' ? emailField(frame, settled) : textField(frame, settled);
}

function country(visit: DetailsVisit, { locked, required }: Rules): Html {
  const { frame, account, errors } = visit;
  const label = frame.t('client.field.country');
  if (locked.has('country'))
    return readOnlyField(frame, {
      label,
      value: countryOf(account.client, frame.language) || '–',
      why: frame.t('client.locked'),
    });
  return selectField(frame, {
    name: 'country',
    label,
    value: textOr(visit.form, 'country', account.client.country),
    errors,
    required: required.includes('country'),
    autocomplete: 'country',
    choose: frame.t('client.details.choose-country'),
    choices: countries(frame.language).map(({ code, name }) => ({ value: code, text: name })),
  });
}

/** A number as people write it: +44 2079460000. */
function storedText(client: Client, name: Field): string {
  if (name !== 'phoneNumber') return client[name];
  const { countryCode, number } = phoneParts(client.phoneNumber);
  return countryCode === '' ? number : `+${countryCode} ${number}`;
}

function lockedWords({ frame }: DetailsVisit, { support }: Rules): Html | string {
  if (support === '') return frame.t('client.details.locked', { company: frame.brand.name });
  return html`${frame.t('client.details.locked', { company: frame.brand.name })} <a href="mailto:${support}">${support}</a>`;
}

function closedPicture({ frame, account }: DetailsVisit): Html {
  const { t } = frame;
  return clientRoom(frame, {
    title: t('client.details.title'),
    body: stack(
      remark({ tone: 'warning', title: t('client.closed.title'), body: t('client.closed.text') }),
      card({
        body: definitions(
          frame,
          DETAIL_FIELDS.map((name) => ({
            term: t(`client.field.${name}`),
            value: name === 'country' ? countryOf(account.client, frame.language) : storedText(account.client, name),
          })),
        ),
      }),
    ),
  });
}
