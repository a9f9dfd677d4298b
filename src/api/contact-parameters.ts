// What the actions of contacts are sent, and how they answer: the profile by the names of the wire, the letters by
// `email_preferences[…]` or by their flat names of before 8.0, and the warning for what only sub-accounts had.

import { PROFILE_TEXTS, profileIn } from '#api/client-parameters.ts';
import { flag, map, present } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import type { ContactChange } from '#domain/contacts/contacts.ts';

/** The codes that contacts are refused with, in documented words where there are any. */
export const CONTACT_TEXTS = {
  ...PROFILE_TEXTS,
  'contact-email-taken': 'Duplicate Email Address',
  'contact-not-found': 'Contact ID Not Found',
  'contact-domain-letters-needed':
    'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please enable domain notifications for the primary account holder or another contact',
} as const;

/** The fields of a contact that were sent; what is absent is left out. `before`: the letters it gets now. */
export function contactIn(values: WireValues, before: EmailPreferences): ContactChange {
  const preferences = preferencesIn(values, before);
  return { ...profileIn(values), ...(preferences === undefined ? {} : { emailPreferences: preferences }) };
}

const SUB_ACCOUNT = ['subaccount', 'password', 'password2', 'permissions'];

/** The documented warning when a request still speaks of sub-accounts, which there are none of since 8.0. */
export function subAccountWarning(values: WireValues, instead: string): string | undefined {
  if (!SUB_ACCOUNT.some((name) => present(values, name) && values[name] !== '')) return undefined;
  return `Sub Accounts are no longer supported. Please use ${instead}`;
}

function preferencesIn(values: WireValues, before: EmailPreferences): EmailPreferences | undefined {
  const nested = map(values, 'email_preferences');
  const given = EMAIL_CATEGORIES.flatMap((name): [string, boolean][] => {
    if (nested && present(nested, name)) return [[name, flag(nested, name) ?? false]];
    return present(values, `${name}emails`) ? [[name, flag(values, `${name}emails`) ?? false]] : [];
  });
  return given.length === 0 ? undefined : { ...before, ...Object.fromEntries(given) };
}
