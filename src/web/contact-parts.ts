// What the pages of contacts share in both rooms: the form, the list, which letters somebody gets. Only the fields named here
// are read: whatever else a request carries (an id, another client) is not looked at.

import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import type { Contact, ContactChange } from '#domain/contacts/contacts.ts';
import { CONTACT_REQUIRED, contactName } from '#domain/contacts/contacts.ts';
import { countries } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { listedWords } from '#kit/listed-words.ts';
import { phoneParts } from '#kit/phone.ts';
import { typedProfile } from '#web/client-fields.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkboxGroup, selectField } from '#web/parts/choice.ts';
import { empty } from '#web/parts/empty.ts';
import type { TextOptions } from '#web/parts/field.ts';
import { emailField, textField } from '#web/parts/field.ts';
import { fieldRow, formSection } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { pager } from '#web/parts/pager.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { nothing } from '#web/parts/time.ts';
import { leafHrefs } from '#web/staff.ts';

/** The contact as typed. */
export function typedContact(form: Form): ContactChange {
  return { ...typedProfile(form), emailPreferences: typedLetters(form) };
}

/** The ticks of letters as typed. */
export function typedLetters(form: Form): EmailPreferences {
  const ticked = new Set(form.all('emailPreferences'));
  return {
    general: ticked.has('general'),
    invoice: ticked.has('invoice'),
    support: ticked.has('support'),
    product: ticked.has('product'),
    domain: ticked.has('domain'),
    affiliate: ticked.has('affiliate'),
  };
}

/** The fields of a contact; `stored` is absent for a new one. With the version that they were drawn from. */
export function contactFields(visit: Visit, stored: Contact | undefined): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  const line = (name: Field, more: Partial<TextOptions> = {}): Html => lineField(visit, stored, name, more);
  return html`${stored && hiddenField('version', String(stored.updatedAt))}${formSection({
    title: t('contacts.section.who'),
    intro: t('contacts.section.who.help'),
    body: html`${fieldRow(line('firstName'), line('lastName'))}${line('companyName')}${line('email')}${line(
      'phoneNumber',
      {
        type: 'tel',
        inputmode: 'tel',
        width: 'medium',
        help: t('client.details.phone-help'),
        maxlength: 40,
      },
    )}`,
  })}${formSection({
    title: t('contacts.section.letters'),
    intro: t('contacts.section.letters.help'),
    body: lettersField(visit, {
      label: t('contacts.letters.label'),
      stored: stored?.emailPreferences,
    }),
  })}${formSection({
    title: t('contacts.section.where'),
    intro: t('contacts.section.where.help'),
    body: html`${line('address1')}${line('address2')}${fieldRow(line('city'), line('state'), line('postcode'))}${selectField(
      frame,
      {
        name: 'country',
        label: t('client.field.country'),
        value: textOr(form, 'country', stored?.country ?? ''),
        errors,
        required: false,
        choose: t('contacts.country.none'),
        choices: countries(frame.language).map(({ code, name }) => ({ value: code, text: name })),
        autocomplete: 'off',
      },
    )}${line('taxId', { width: 'medium' })}`,
  })}`;
}

/** Which letters somebody gets, as ticks posted as `emailPreferences`. */
export function lettersField(
  visit: Visit,
  options: { readonly label: string; readonly help?: string; readonly stored: EmailPreferences | undefined },
): Html {
  const { frame, form, errors } = visit;
  const stored = EMAIL_CATEGORIES.filter((one) => options.stored?.[one]);
  return checkboxGroup(frame, {
    name: 'emailPreferences',
    label: options.label,
    help: options.help,
    errors,
    values: form.given ? form.all('emailPreferences') : stored,
    choices: EMAIL_CATEGORIES.map((one) => ({
      value: one,
      text: frame.t(`contacts.letters.${one}`),
      help: frame.t(`contacts.letters.${one}.help`),
    })),
    columns: true,
  });
}

/** The letters somebody gets, in words. */
export function letterWords(frame: Frame, preferences: EmailPreferences): string {
  const words = EMAIL_CATEGORIES.filter((one) => preferences[one]).map((one) => frame.t(`contacts.letters.${one}`));
  if (words.length === 0) return frame.t('contacts.letters.none');
  if (words.length === EMAIL_CATEGORIES.length) return frame.t('contacts.letters.all');
  return listedWords(frame.language, words);
}

/** The list of contacts with its pager; `href` is the address of the list, below which each contact has its own. */
export function contactList(
  visit: Visit,
  page: KeysetPage<Contact>,
  options: { readonly href: string; readonly billingContactId: number; readonly action: Html | undefined },
): Html {
  const { frame } = visit;
  const { t } = frame;
  const list = table<Contact>(frame, {
    caption: t('contacts.title'),
    rows: page.rows,
    empty: empty({ title: t('contacts.empty'), text: t('contacts.empty.text'), action: options.action }),
    columns: [
      {
        heading: t('contacts.column.name'),
        kind: 'name',
        cell: (one) => contactName(one),
        href: (one) => `${options.href}/${one.id}`,
      },
      { heading: t('contacts.column.email'), kind: 'text', cell: (one) => one.email },
      { heading: t('contacts.column.letters'), cell: (one) => letterWords(frame, one.emailPreferences) },
      {
        heading: t('contacts.column.role'),
        kind: 'short',
        cell: (one) =>
          one.id === options.billingContactId ? badge(t('contacts.billing.badge'), 'info') : nothing(frame),
      },
    ],
  });
  return card({ flush: html`${list}${pager(frame, leafHrefs(options.href, {}, page))}` });
}

type Field = Exclude<keyof Contact, 'id' | 'clientId' | 'emailPreferences' | 'createdAt' | 'updatedAt'>;

function lineField(visit: Visit, stored: Contact | undefined, name: Field, more: Partial<TextOptions>): Html {
  const { frame, form, errors } = visit;
  const settled: TextOptions = {
    maxlength: 255,
    spellcheck: false,
    ...more,
    name,
    label: frame.t(`client.field.${name}`),
    value: textOr(form, name, shown(stored, name)),
    errors,
    required: (CONTACT_REQUIRED as readonly string[]).includes(name),
    autocomplete: 'off', // the browser would offer whoever types themselves
  };
  return name === 'email' ? emailField(frame, settled) : textField(frame, settled);
}

/** A number as people write it: +44 2079460000. */
function shown(contact: Contact | undefined, name: Field): string {
  if (!contact) return '';
  if (name !== 'phoneNumber') return contact[name];
  const { countryCode, number } = phoneParts(contact.phoneNumber);
  return countryCode === '' ? number : `+${countryCode} ${number}`;
}
