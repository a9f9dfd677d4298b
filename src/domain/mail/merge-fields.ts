// What may be put into letters beyond what a letter itself brings along: fields that every letter has, and those of whom a
// letter of the staff's own making is for. Names are WHMCS's where it has one (behaviours.md 10.2).

import type { TemplateType } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { mailSignature } from '#domain/mail/mail.settings.ts';
import { companyName, supportAddress } from '#domain/settings/general.settings.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import { languageOf } from '#src/locales/words.ts';

/** The fields of every letter. */
export const COMMON_FIELDS = ['company_name', 'system_url', 'support_email', 'signature', 'date', 'time'] as const;

/** The fields of a client, with examples. */
export const CLIENT_FIELDS = {
  client_id: 1024,
  client_name: 'Robin Sample',
  client_first_name: 'Robin',
  client_last_name: 'Sample',
  client_company_name: 'Sample & Daughters Ltd',
  client_email: 'robin.sample@example.com',
  client_address1: '12 Placeholder Road',
  client_address2: '',
  client_city: 'Sampletown',
  client_state: 'Sampleshire',
  client_postcode: 'AB12 3CD',
  client_country: 'United Kingdom',
  client_phonenumber: '+44.2079460000',
  client_tax_id: 'GB123456789',
  client_group_name: '',
  client_status: 'Active',
  client_credit: '£24.50 GBP',
  client_signup_date: '1 March 2026',
  client_language: 'English',
} as const satisfies MergeValues;

/** The fields of a member of staff, with examples. */
export const STAFF_FIELDS = {
  admin_name: 'Sam Staff',
  admin_first_name: 'Sam',
  admin_last_name: 'Staff',
  admin_username: 'sam',
  admin_email: 'sam@example.com',
} as const satisfies MergeValues;

/** What a letter of the staff's own making can be filled in with, with examples. */
export function fieldsOfType(type: TemplateType): MergeValues {
  return type === 'admin' ? STAFF_FIELDS : CLIENT_FIELDS;
}

/** The values of COMMON_FIELDS for a letter written now. Dates as the language writes them. */
export async function commonValues(ctx: Context, language: string): Promise<MergeValues> {
  return {
    company_name: await settingOf(ctx, companyName),
    system_url: await publicOrigin(ctx),
    support_email: await settingOf(ctx, supportAddress),
    signature: await settingOf(ctx, mailSignature),
    date: dayInWords(ctx.now(), language),
    time: timeInWords(ctx.now(), language),
  };
}

/** A day (UTC) in the words of a language. */
export function dayInWords(at: number, language: string): string {
  return new Intl.DateTimeFormat(languageOf(language).code, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

/** A time of the day (UTC, and it says so) in the words of a language. */
function timeInWords(at: number, language: string): string {
  const { code } = languageOf(language);
  return `${new Intl.DateTimeFormat(code, { timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;
}
