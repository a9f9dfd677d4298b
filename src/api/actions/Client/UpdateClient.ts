// UpdateClient: changes what is named in the request and nothing else.

import { ActionError, action } from '#api/action.ts';
import {
  customFieldsIn,
  idIn,
  languageIn,
  namingFields,
  PROFILE_TEXTS,
  profileIn,
  warningsOf,
} from '#api/client-parameters.ts';
import { flag, integer, map, present, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { documented } from '#api/documented.ts';
import type { ClientChange } from '#domain/clients/client-changes.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { CLIENT_STATUSES, findClient, findClientByEmail } from '#domain/clients/clients.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import { changeConsent } from '#domain/consent/consent.ts';
import { contactsTakeDomainLetters } from '#domain/contacts/contacts.ts';
import { changeClientAndFields } from '#domain/fields/account-changes.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const NOT_FOUND = 'Client ID Not Found';
const DOMAIN_LETTERS =
  'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please create an alternative contact that is set to receive them';
const TEXTS = {
  ...PROFILE_TEXTS,
  'client-not-found': NOT_FOUND,
  'domain-letters-needed': DOMAIN_LETTERS,
  'email-missing': 'The email address entered is not valid',
  'email-invalid': 'The email address entered is not valid',
};

// The switches by their names on the wire, of which two are misspelt. Single sign-on has two names, as it is read.
const SWITCHES = {
  latefeeoveride: 'lateFeeOverride',
  overideduenotices: 'overrideDueNotices',
  taxexempt: 'taxExempt',
  separateinvoices: 'separateInvoices',
  disableautocc: 'disableAutoCc',
  overrideautoclose: 'overrideAutoClose',
  allow_sso: 'allowSso',
  allowSingleSignOn: 'allowSso',
} as const;

/**
 * clientid or clientemail; the profile, the switches, email_preferences[…], status, currency, groupid, language, notes,
 * paymentmethod. What is absent stays; what is sent empty is emptied, a switch turned off. skipvalidation lets required
 * fields be emptied. customfields (by id). Answers clientid. Cards and custom fields that are not there are dropped with a
 * text in `warnings`.
 */
export default action({
  group: 'Client',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const client = await clientIn(ctx, values);
      const lenient = flag(values, 'skipvalidation') ?? false;
      const change = changeIn(values, client);
      await requireDomainLetters(ctx, client, change.emailPreferences); // documented before the address
      await refuseTakenAddress(ctx, client, change.email);
      const fields = await customFieldsIn(ctx, values);
      const optedIn = flag(values, 'marketingoptin');
      await namingFields(() =>
        changeClientAndFields(ctx, caller.actor, client.id, change, fields.typed, {
          lenient,
          requiredOf: 'newcomer',
          and: async (tx) => {
            if (optedIn !== undefined) await changeConsent(tx, caller.actor, client.id, optedIn, { source: 'api' });
          },
        }),
      );
      return {
        clientid: String(client.id), // a text in the documented example
        warnings: warningsOf(
          values,
          { cards: 'AddPayMethod or UpdatePayMethod', clearing: 'DeletePayMethod' },
          fields.warnings,
        ),
      };
    }),
});

async function clientIn(ctx: Context, values: WireValues): Promise<Client> {
  const id = idIn(values, 'clientid', NOT_FOUND);
  const email = scalar(values, 'clientemail')?.trim();
  if (id === undefined && !email) throw new ActionError(NOT_FOUND);
  const client = id === undefined ? await findClientByEmail(ctx, email ?? '') : await findClient(ctx, id);
  if (!client) throw new ActionError(NOT_FOUND);
  return client;
}

// The account may give up letters about domains only where a contact gets them.
async function requireDomainLetters(ctx: Context, client: Client, wanted: EmailPreferences | undefined): Promise<void> {
  if (wanted?.domain !== false || !client.emailPreferences.domain) return;
  if (!(await contactsTakeDomainLetters(ctx, client.id))) throw new ActionError(DOMAIN_LETTERS);
}

// Accounts that share an address from the start, through a common owner, keep it; a change does not make more of them.
async function refuseTakenAddress(ctx: Context, client: Client, email: string | undefined): Promise<void> {
  if (!email || comparable(email) === comparable(client.email)) return;
  if (await findClientByEmail(ctx, email)) throw new ActionError('Duplicate Email Address');
}

function changeIn(values: WireValues, client: Client): ClientChange {
  const currencyId = idIn(values, 'currency', 'Invalid currency');
  const preferences = preferencesIn(values, client.emailPreferences);
  const status = statusIn(values);
  return {
    ...profileIn(values),
    ...switchesIn(values),
    ...(status === undefined ? {} : { status }),
    ...(currencyId === undefined ? {} : { currencyId }),
    ...(present(values, 'groupid') ? { groupId: groupIn(values) } : {}),
    ...(present(values, 'language') ? { language: languageIn(values) ?? '' } : {}),
    ...(present(values, 'notes') ? { notes: scalar(values, 'notes') ?? '' } : {}),
    ...(present(values, 'paymentmethod') ? { defaultGateway: gatewayIn(values) } : {}),
    ...(preferences === undefined ? {} : { emailPreferences: preferences }),
  };
}

function switchesIn(values: WireValues): ClientChange {
  const sent = Object.entries(SWITCHES).filter(([name]) => present(values, name));
  return Object.fromEntries(sent.map(([name, field]) => [field, flag(values, name) ?? false]));
}

function preferencesIn(values: WireValues, before: EmailPreferences): EmailPreferences | undefined {
  const sent = map(values, 'email_preferences');
  if (sent === undefined) return undefined;
  const named = EMAIL_CATEGORIES.filter((name) => present(sent, name));
  return { ...before, ...Object.fromEntries(named.map((name) => [name, flag(sent, name) ?? false])) };
}

function statusIn(values: WireValues): ClientStatus | undefined {
  const word = scalar(values, 'status')?.trim().toLowerCase();
  if (word === undefined) return undefined;
  const status = CLIENT_STATUSES.find((one) => one.toLowerCase() === word);
  if (!status) throw new ActionError('Invalid status: send Active, Inactive or Closed');
  return status;
}

function groupIn(values: WireValues): number {
  const id = integer(values, 'groupid') ?? 0;
  if (id === 'invalid') throw new ActionError('Invalid groupid');
  return id;
}

// The name of a gateway's module.
function gatewayIn(values: WireValues): string {
  const name = (scalar(values, 'paymentmethod') ?? '').trim();
  if (!/^\w{0,64}$/.test(name)) throw new ActionError('Invalid paymentmethod');
  return name;
}
