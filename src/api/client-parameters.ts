// What AddClient and UpdateClient are sent of a client: the profile by the names of the wire, the custom fields, and what is
// dropped with a warning because Doorward keeps no such thing.

import { ActionError } from '#api/action.ts';
import { encodedTree } from '#api/dialect/encoded.ts';
import { integer, present, scalar } from '#api/dialect/parameters.ts';
import { WireFile, type WireValues } from '#api/dialect/wire.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { listFields } from '#domain/fields/custom-fields.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

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
  'email-banned': 'The email address entered is not available for use.',
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
 * and custom fields that cannot be read or are not there. `instead`: the actions that the documentation names for cards.
 */
export function warningsOf(
  values: WireValues,
  instead: { readonly cards: string; readonly clearing?: string },
  fieldWarnings: readonly string[] = [],
): string | undefined {
  const warnings = [
    ...(CARD_FIELDS.some((name) => isFilled(values, name)) ? [`${CARDS_DROPPED} Use ${instead.cards} instead.`] : []),
    ...(instead.clearing !== undefined && isFilled(values, 'clearcreditcard')
      ? [`${CARDS_DROPPED} Use ${instead.clearing} instead.`]
      : []),
    ...fieldWarnings,
  ];
  return warnings.length > 0 ? warnings.join(' ') : undefined;
}

/** Custom fields as they were sent, by id, and what is to be said of those that were not understood. */
export type SentFields = { readonly typed: ReadonlyMap<number, string>; readonly warnings: readonly string[] };

/**
 * The custom fields of `customfields`: base64 of PHP's serialize() or of JSON, or a list by brackets. What cannot be read is
 * no reason to refuse a client, and neither is a field that is not there.
 */
export async function customFieldsIn(ctx: Context, values: WireValues): Promise<SentFields> {
  const nothing = new Map<number, string>();
  if (!isFilled(values, 'customfields')) return { typed: nothing, warnings: [] };
  const sent = values['customfields'];
  const tree = typeof sent === 'string' ? encodedTree(sent) : sent;
  const entries = tree instanceof WireFile || tree === undefined ? undefined : Object.entries(tree);
  if (!entries || entries.some(([, value]) => typeof value !== 'string'))
    return { typed: nothing, warnings: ['The parameter customfields could not be read and was ignored.'] };
  const known = new Set((await listFields(ctx)).map((field) => String(field.id)));
  const unknown = entries.map(([id]) => id).filter((id) => !known.has(id));
  const typed = entries.filter(([id]) => known.has(id)).map(([id, value]) => [Number(id), String(value)] as const);
  return { typed: new Map(typed), warnings: unknown.length > 0 ? [unknownFields(unknown)] : [] };
}

// What a program sends as an id may be anything, and of any length.
function unknownFields(ids: readonly string[]): string {
  const named = ids.slice(0, 10).map((id) => id.slice(0, 20));
  return `There are no such custom fields here, so they were ignored: ${named.join(', ')}.`;
}

/** Does `work`; what is wrong with a custom field is said by its name, as the documentation has it. */
export async function namingFields<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const name = error instanceof Problem ? error.values['field'] : undefined;
    if (!(error instanceof Problem) || name === undefined || !isOfField(error)) throw error;
    if (error.code === 'custom-field-missing' || error.code === 'custom-field-tick-missing')
      throw new ActionError(`You did not provide required custom field value for ${name}`);
    throw new ActionError(`The value of the custom field ${name} is not valid`);
  }
}

/** Whether the first fault is one of a custom field: those of the profile are said before. */
function isOfField({ fields }: Problem): boolean {
  return /^custom-\d+$/.test(Object.keys(fields)[0] ?? '');
}

function isFilled(values: WireValues, name: string): boolean {
  return present(values, name) && values[name] !== '';
}

function profileText(values: WireValues, name: string): string {
  const text = (scalar(values, name) ?? '').trim();
  return name === 'country' ? text.toUpperCase() : text;
}
