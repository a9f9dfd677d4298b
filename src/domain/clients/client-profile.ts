// The names, addresses and numbers of a client account, which a contact has as well: what must be filled in, what does not
// fit, how they are stored, and how an account is called.

import { optionalFields } from '#domain/clients/clients.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { countryName, isCountry } from '#kit/countries.ts';
import { storedPhone } from '#kit/phone.ts';
import { isMailAddress, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The fields that a person fills in. */
export type ClientProfile = {
  readonly firstName: string;
  readonly lastName: string;
  readonly companyName: string;
  readonly email: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: string;
  readonly phoneNumber: string;
  readonly taxId: string;
};

/** A profile that nobody has filled in. */
export const EMPTY_PROFILE: ClientProfile = {
  firstName: '',
  lastName: '',
  companyName: '',
  email: '',
  address1: '',
  address2: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
  phoneNumber: '',
  taxId: '',
};

const REQUIRED: readonly [keyof ClientProfile, string][] = [
  ['firstName', 'first-name-missing'],
  ['lastName', 'last-name-missing'],
  ['email', 'email-missing'],
  ['address1', 'address1-missing'],
  ['city', 'city-missing'],
  ['state', 'state-missing'],
  ['postcode', 'postcode-missing'],
  ['country', 'country-invalid'],
  ['phoneNumber', 'phone-missing'],
];

/** The profile fields that must be filled in, given the optional ones of the settings. */
export async function requiredFields(ctx: Context): Promise<readonly (keyof ClientProfile)[]> {
  const optional = await settingOf(ctx, optionalFields);
  return REQUIRED.map(([field]) => field).filter((field) => !optional.includes(field));
}

/**
 * The faults of a profile by field, in the order WHMCS reports them. `lenient` (skipvalidation) asks only for an
 * address; what is given must fit all the same.
 */
export async function profileFaults(
  ctx: Context,
  profile: ClientProfile,
  lenient = false,
): Promise<Record<string, string>> {
  return detailFaults(profile, lenient ? ['email'] : await requiredFields(ctx));
}

/** The faults of names, addresses and numbers, of a client or of a contact: what is missing, and what is given and does not fit. */
export function detailFaults(profile: ClientProfile, required: readonly string[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const [field, code] of REQUIRED) {
    if (oneLine(profile[field]) === '') {
      if (required.includes(field)) faults[field] = code;
    } else if (field === 'email' && !isMailAddress(profile.email.trim())) faults['email'] = 'email-invalid';
    else if (field === 'country' && !isCountry(profile.country)) faults['country'] = 'country-invalid';
    else if (field === 'phoneNumber' && !storedPhone(profile.phoneNumber, profile.country))
      faults['phoneNumber'] = 'phone-invalid';
  }
  for (const [field, value] of Object.entries(profileOf(profile))) {
    if (value.length > 255 && !faults[field]) faults[field] = 'too-long';
  }
  return faults;
}

/** How an account is called: the company, else the person. */
export function displayName(client: Pick<ClientProfile, 'firstName' | 'lastName' | 'companyName' | 'email'>): string {
  return client.companyName.trim() || `${client.firstName} ${client.lastName}`.trim() || client.email;
}

/** The country of a client in words. */
export function countryOf(client: ClientProfile, language = 'en'): string {
  return countryName(client.country, language);
}

/** The profile alone of whatever has one. */
export function profileOf(client: ClientProfile): ClientProfile {
  const {
    firstName,
    lastName,
    companyName,
    email,
    address1,
    address2,
    city,
    state,
    postcode,
    country,
    phoneNumber,
    taxId,
  } = client;
  return {
    firstName,
    lastName,
    companyName,
    email,
    address1,
    address2,
    city,
    state,
    postcode,
    country,
    phoneNumber,
    taxId,
  };
}

/** A profile as it would be stored. Whoever judges it sees this, or a sign without width is a way past them. */
export function asStored(profile: ClientProfile): ClientProfile {
  const columns = profileColumns(profile);
  return {
    firstName: columns.first_name,
    lastName: columns.last_name,
    companyName: columns.company_name,
    email: columns.email,
    address1: columns.address1,
    address2: columns.address2,
    city: columns.city,
    state: columns.state,
    postcode: columns.postcode,
    country: columns.country,
    phoneNumber: columns.phone_number,
    taxId: columns.tax_id,
  };
}

/** How a profile is kept, of a client or of a contact: texts cleaned, the number as `+cc.number`. */
export function profileColumns(profile: ClientProfile) {
  return {
    first_name: oneLine(profile.firstName),
    last_name: oneLine(profile.lastName),
    company_name: oneLine(profile.companyName),
    email: profile.email.trim(),
    address1: oneLine(profile.address1),
    address2: oneLine(profile.address2),
    city: oneLine(profile.city),
    state: oneLine(profile.state),
    postcode: oneLine(profile.postcode),
    country: profile.country,
    phone_number: storedPhone(profile.phoneNumber, profile.country) ?? oneLine(profile.phoneNumber),
    tax_id: oneLine(profile.taxId),
  };
}
