// What AddClient and UpdateClient are sent of a client: the profile by the names of the wire, and what is dropped with a
// warning because Doorward keeps no such thing.

import { ActionError } from '#api/action.ts';
import { encodedTree } from '#api/dialect/encoded.ts';
import { integer, present, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { ClientProfile } from '#domain/clients/clients.ts';

const PROFILE_FIELDS: readonly (readonly [string, keyof ClientProfile])[] = [
  ['firstname', 'firstName'],
  ['lastname', 'lastName'],
  ['companyname', 'companyName'],
  ['email', 'email'],
  ['address1', 'address1'],
  ['address2', 'address2'],
  ['city', 'city'],
  ['state', 'state'],
  ['postcode', 'postcode'],
  ['country', 'country'],
  ['phonenumber', 'phoneNumber'],
  ['tax_id', 'taxId'],
];

/** The profile fields that were sent, also those that were sent empty. Nothing else can get in. */
export function profileIn(values: WireValues): Partial<ClientProfile> {
  const sent = PROFILE_FIELDS.filter(([name]) => present(values, name));
  return Object.fromEntries(sent.map(([name, field]) => [field, profileText(values, name)]));
}

/** The codes of missing and misshapen profile fields, in the words of AddClient; UpdateClient documents none of its own. */
export const PROFILE_TEXTS = {
  'first-name-missing': 'You did not enter your first name',
  'last-name-missing': 'You did not enter your last name',
  'email-missing': 'You did not enter your email address',
  'email-invalid': 'The email address you entered was not valid',
  'address1-missing': 'You did not enter your  address line 1', // two spaces, as documented
  'city-missing': 'You did not enter your city',
  'state-missing': 'You did not enter your state',
  'postcode-missing': 'You did not enter your postcode',
  'country-invalid': 'Valid country required',
  'phone-missing': 'You did not enter your phone number',
  'phone-invalid': 'Invalid telephone phone number',
} as const;

/**
 * A language by its full lower-case name, as WHMCS writes it. One that Doorward does not speak is kept, for whoever reads
 * it back, and counts as the default; what is no name at all is left out.
 */
export function languageIn(values: WireValues): string | undefined {
  const name = scalar(values, 'language')?.trim().toLowerCase();
  return name !== undefined && /^[a-z][a-z_-]{1,39}$/.test(name) ? name : undefined;
}

/** The id of a currency, a group: absent, empty and 0 are `undefined`. What is no number is refused with the text. */
export function idIn(values: WireValues, name: string, refusal: string): number | undefined {
  const id = integer(values, name);
  if (id === 'invalid') throw new ActionError(refusal);
  return id === 0 ? undefined : id;
}

const CARD_FIELDS = ['cardtype', 'cardnum', 'expdate', 'startdate', 'issuenumber', 'cvv', 'bankcode', 'bankacct'];
const CARDS_DROPPED = 'Credit card related parameters are now deprecated and may be removed in a future version.';

/**
 * What is said beside the answer of what was dropped: card numbers, which are neither kept nor logged nor even read here,
 * and custom fields as long as there are none. `instead`: the actions that the documentation names for cards.
 */
export function warningsOf(
  values: WireValues,
  instead: { readonly cards: string; readonly clearing?: string },
): string | undefined {
  const warnings = [
    ...(CARD_FIELDS.some((name) => isFilled(values, name)) ? [`${CARDS_DROPPED} Use ${instead.cards} instead.`] : []),
    ...(instead.clearing !== undefined && isFilled(values, 'clearcreditcard')
      ? [`${CARDS_DROPPED} Use ${instead.clearing} instead.`]
      : []),
    ...customFieldsWarning(values),
  ];
  return warnings.length > 0 ? warnings.join(' ') : undefined;
}

// Base64 of PHP's serialize() or of JSON, or a list by brackets; whatever else arrives is no reason to refuse a client.
function customFieldsWarning(values: WireValues): string[] {
  if (!isFilled(values, 'customfields')) return [];
  const sent = values.customfields;
  const tree = typeof sent === 'string' ? encodedTree(sent) : sent;
  if (tree === undefined) return ['The parameter customfields could not be read and was ignored.'];
  return Object.keys(tree).length > 0 ? ['There are no custom fields here: customfields was ignored.'] : [];
}

function isFilled(values: WireValues, name: string): boolean {
  return present(values, name) && values[name] !== '';
}

function profileText(values: WireValues, name: string): string {
  const text = (scalar(values, name) ?? '').trim();
  return name === 'country' ? text.toUpperCase() : text;
}
