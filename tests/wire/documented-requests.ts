// What is asked of each answered action so that it shows all that is documented of it: requests that send every parameter,
// and one for each refusal. Whatever is not as documented stands here with its reason.

import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { addQuestion } from '#domain/credentials/security-questions.ts';
import { addField } from '#domain/fields/custom-fields.ts';
import { banEmail } from '#domain/guard/banned-emails.ts';
import { findTemplateByName } from '#domain/mail/email-templates.ts';
import { addTemplate, changeDelivery } from '#domain/mail/template-changes.ts';
import { giveApp } from '#tests/factors.ts';
import { DOCUMENTED } from '#tests/wire/documented.ts';
import type { Values } from '#tests/wire-client/client-values.ts';
import { newClient, without } from '#tests/wire-client/client-values.ts';
import { PASSWORD, type World } from '#tests/world.ts';

/** What is asked of an action. Everything but `requests` is a list by documented names. */
export type Asked = {
  /** Requests that are answered: together they send every parameter, and their answers hold every field. */
  readonly requests: readonly Values[];
  readonly refusals?: Readonly<Record<string, Values>>;
  /** What is said where a documented refusal has a place for something. */
  readonly says?: Readonly<Record<string, string>>;
  /** Parameters that are read by nobody here, and why. */
  readonly unread?: Readonly<Record<string, string>>;
  /** Parameters that are documented as required and may be left out here, and why. */
  readonly optional?: Readonly<Record<string, string>>;
  /** Values of a documented list that are refused here, and why. */
  readonly refusedValues?: Readonly<Record<string, string>>;
  /** Places of the example that no answer has, and why. */
  readonly absent?: Readonly<Record<string, string>>;
  /** Places that no table and no example has, and why. Whatever is below such a place may be there too. */
  readonly more?: Readonly<Record<string, string>>;
  /** Places with another JSON type or format than in the example, with the type, and why. */
  readonly types?: Readonly<Record<string, readonly [kind: string, why: string]>>;
  /** Refusals that nothing here can come to, and why. */
  readonly unreached?: Readonly<Record<string, string>>;
  /** Warnings that nothing here can come to, and why. */
  readonly unwarned?: Readonly<Record<string, string>>;
  /** Whether it can be called in this process alone. */
  readonly local?: true;
};

/** Why an action answers nobody; the rest of its documentation is then beside the point. */
export const NEVER: Readonly<Record<string, string>> = {
  GetClientPassword: 'it hands out what is stored of a password (behaviours: deprecated since 8.0)',
};

const operator = systemActor('Test');
const CLIENT_EXAMPLE = DOCUMENTED.GetClientsDetails?.example.client ?? {};
const WARNINGS = 'the documentation lists the warnings, but not the name that they stand under';
const AS_TABLE = 'the table says so where the example has a text, and typed clients read it so';
const encoded = (map: Readonly<Record<string, string>>): string => Buffer.from(JSON.stringify(map)).toString('base64');

/** What the requests speak of: ids as texts. */
type Known = {
  readonly ada: string;
  readonly eve: string;
  readonly cleo: string;
  readonly adaUser: string;
  readonly benUser: string;
  readonly eveUser: string;
  readonly root: string;
  readonly fullRole: string;
  readonly field: string;
  readonly group: string;
  readonly question: string;
  readonly leaving: string;
  readonly contact: string;
  readonly lastForDomains: string;
  readonly leavingContact: string;
  readonly sealed: string;
};

/** Makes what the requests speak of, and says of every answered action what is asked, in the order in which it is. */
export async function documentedRequests(world: World): Promise<ReadonlyMap<string, Asked>> {
  const known = await prepared(world);
  return new Map(
    Object.entries({
      ...systemRequests(),
      ...clientRequests(known),
      ...contactRequests(known),
      ...recordRequests(known),
      ...userRequests(known),
      ...signInRequests(known),
      ...letterRequests(known),
      ...readingRequests(known),
      ...endingRequests(known),
    }),
  );
}

async function prepared(world: World): Promise<Known> {
  const { ctx, cast, api, browser } = world;
  const idFrom = async (action: string, values: Values, name: string): Promise<string> =>
    String((await api(action, values)).body[name]);
  await changeClient(ctx, operator, cast.eve.clientId, { allowSso: false });
  await banEmail(ctx, operator, { pattern: 'banned.example', note: '' });
  await addTemplate(ctx, operator, { name: 'News', type: 'general', subject: 'News', body: '<p>News</p>', small: '' });
  await addTemplate(ctx, operator, { name: 'Alarm', type: 'admin', subject: 'Alarm', body: '<p>Alarm</p>', small: '' });
  const off = await findTemplateByName(ctx, 'Client Signup Email');
  if (off) await changeDelivery(ctx, operator, off.id, { isOff: true, copies: '' });
  const group = { name: 'Sample Group', colour: '#336699', discountPercent: '24.50' };
  const field = { name: 'Colour', description: '', type: 'text', options: [], pattern: '', position: 1 } as const;
  const switches = { adminOnly: false, required: true, onOrderForm: true, onInvoice: false };
  await browser({ ip: '192.0.2.10' }).signIn('sam');
  await giveApp(world, { kind: 'administrator', id: cast.root.id });
  const roles = (await api('GetAdminUsers', { email: 'root@' })).body.admin_users as { roleId: number }[];
  const eve = String(cast.eve.clientId);
  const domains = { 'email_preferences[domain]': '1' };
  const lastForDomains = await idFrom(
    'AddContact',
    { clientid: eve, email: 'd@example.test', ...domains },
    'contactid',
  );
  await api('UpdateClient', { clientid: eve, 'email_preferences[domain]': '0' });
  return {
    ada: String(cast.ada.clientId),
    eve,
    cleo: String(cast.cleo.clientId),
    adaUser: String(cast.ada.id),
    benUser: String(cast.ben.id),
    eveUser: String(cast.eve.id),
    root: String(cast.root.id),
    fullRole: String(roles[0]?.roleId),
    leaving: await idFrom('AddClient', newClient({ email: 'leaving@example.test' }), 'clientid'),
    field: String(await addField(ctx, operator, { ...field, ...switches })),
    group: String(await addGroup(ctx, operator, { ...group, suspendExempt: true, separateInvoices: true })),
    question: String(await addQuestion(ctx, operator, 'First street?')),
    contact: await idFrom('AddContact', { clientid: eve, email: 'c@example.test' }, 'contactid'),
    lastForDomains,
    leavingContact: await idFrom('AddContact', { clientid: eve, email: 'e@example.test' }, 'contactid'),
    sealed: await idFrom('EncryptPassword', { password2: 'sample password' }, 'password'),
  };
}

const PROFILE: Values = { ...newClient(), companyname: 'Sample Ltd', address2: 'Flat 3', tax_id: 'NL1' };
const PREFERENCES = Object.fromEntries(
  ['general', 'product', 'domain', 'invoice', 'support', 'affiliate'].map((name) => [
    `email_preferences[${name}]`,
    '1',
  ]),
);
const CARDS = { cardtype: 'Visa', cardnum: '4', expdate: '0130', startdate: '0120', issuenumber: '1', cvv: '1' };

function systemRequests(): Record<string, Asked> {
  return {
    WhmcsDetails: { requests: [{}] },
    GetAdminDetails: { requests: [{}], types: { adminid: ['number', AS_TABLE] } },
    UpdateAdminNotes: { requests: [{ notes: 'Call the bank' }, { notes: '' }] },
    GetCurrencies: { requests: [{}] },
    GetStaffOnline: { requests: [{}] },
    GetStats: { requests: [{ timeline_days: '2' }] },
    GetConfigurationValue: {
      requests: [{ setting: 'SystemURL' }],
      refusals: {
        'Parameter setting is required': {},
        'Invalid name for parameter setting': { setting: 'SMTPPassword' },
      },
    },
    SetConfigurationValue: {
      local: true,
      requests: [{ setting: 'CompanyName', value: 'Another Name' }],
      refusals: {
        'Parameter setting is required': { value: 'x' },
        'Invalid name for parameter setting': { setting: 'SMTPPassword', value: 'x' },
        'Parameter value is required': { setting: 'CompanyName' },
      },
      types: { value_changed: ['boolean', AS_TABLE] },
    },
    EncryptPassword: { requests: [{ password2: 'sample password' }] },
    AddBannedIp: {
      requests: [
        { ip: '198.51.100.9', reason: 'spam', days: '7', expires: '2030-01-01 00:00:00' },
        { ip: '198.51.100.10', reason: 'spam', expires: '2030-01-01 00:00:00' },
      ],
      optional: { days: 'expires says the same' },
      types: { banid: ['number', AS_TABLE] },
    },
  };
}

function clientRequests(known: Known): Record<string, Asked> {
  const customfields = encoded({ [known.field]: 'Blue' });
  const whole: Values = {
    ...PROFILE,
    securityqid: known.question,
    securityqans: 'Mill Lane',
    currency: '1',
    groupid: known.group,
    customfields,
    language: 'english',
    clientip: '192.0.2.10',
    notes: 'Sample notes',
    marketingoptin: 'true',
    noemail: 'false',
    skipvalidation: 'false',
  };
  const another = { ...whole, email: 'another@example.test' };
  const lacking = (name: string): Values => without(another, name);
  const noCards = 'no pay methods are kept here';
  return {
    AddClient: {
      requests: [
        whole,
        ...Object.entries(CARDS).map(([name, value]) => ({
          owner_user_id: known.benUser,
          skipvalidation: 'true',
          [name]: value,
        })),
      ],
      refusals: {
        'Invalid Owner User ID': { ...another, owner_user_id: '999999' },
        'You did not enter your first name': lacking('firstname'),
        'You did not enter your last name': lacking('lastname'),
        'You did not enter your email address': lacking('email'),
        'The email address you entered was not valid': { ...another, email: 'robin' },
        'You did not enter your  address line 1': lacking('address1'),
        'You did not enter your city': lacking('city'),
        'You did not enter your state': lacking('state'),
        'You did not enter your postcode': lacking('postcode'),
        'Valid country required': { ...another, country: 'XX' },
        'You did not enter your phone number': lacking('phonenumber'),
        'Invalid telephone phone number': { ...another, phonenumber: 'call me' },
        'You did not provide required custom field value for': lacking('customfields'),
        'The email address entered is not available for use.': { ...another, email: 'a@banned.example' },
        'A user already exists with that email address': { ...another, email: 'ada@example.test' },
      },
      says: {
        'You did not provide required custom field value for':
          'You did not provide required custom field value for Colour',
      },
      more: { owner_id: 'seen of a live installation: the user that owns the client', warnings: WARNINGS },
    },
    UpdateClient: {
      requests: [
        {
          ...whole,
          ...PREFERENCES,
          clientid: known.ada,
          email: 'ada@example.test',
          status: 'Active',
          paymentmethod: 'banktransfer',
          latefeeoveride: '1',
          overideduenotices: 'on',
          taxexempt: 'true',
          separateinvoices: 'yes',
          disableautocc: '1',
          overrideautoclose: '1',
        },
        { clientemail: 'ada@example.test', clearcreditcard: '1' },
        ...Object.entries({ ...CARDS, bankcode: '1', bankacct: '1' }).map(([name, value]) => ({
          clientid: known.ada,
          [name]: value,
        })),
      ],
      unread: {
        clientip: 'the address at sign-up stays what it was, and the log has the address that the call came from',
      },
      refusals: {
        'Client ID Not Found': { clientid: '999999', city: 'Bath' },
        'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please create an alternative contact that is set to receive them':
          { clientid: known.cleo, 'email_preferences[domain]': '0' },
        'Duplicate Email Address': { clientid: known.ada, email: 'eve@example.test' },
        'The email address entered is not valid': { clientid: known.ada, email: 'ada' },
      },
      unreached: {
        'Multiple Credit Card Pay Methods Found': noCards,
        'Multiple Bank Account Pay Methods Found': noCards,
      },
      more: { warnings: WARNINGS },
    },
  };
}

function contactRequests(known: Known): Record<string, Asked> {
  const profile = without(PROFILE, 'password2');
  const ICANN =
    'You must have at least one email address enabled to receive domain related notifications as required by ICANN. To disable domain notifications, please enable domain notifications for the primary account holder or another contact';
  return {
    AddContact: {
      requests: [
        { ...profile, ...PREFERENCES, clientid: known.ada },
        { clientid: known.ada, password2: 'of a sub-account' },
      ],
      refusals: {
        'Client ID Not Found': { clientid: '999999' },
        'Duplicate Email Address': { clientid: known.ada, email: PROFILE.email ?? '' },
      },
      more: { warnings: WARNINGS },
    },
    UpdateContact: {
      requests: [
        { ...profile, ...PREFERENCES, contactid: known.contact },
        { contactid: known.contact, subaccount: '1', 'email_preferences[domain]': '0' },
      ],
      refusals: {
        'Contact ID Not Found': { contactid: '999999' },
        'Duplicate Email Address': { contactid: known.contact, email: 'd@example.test' },
        [ICANN]: { contactid: known.lastForDomains, 'email_preferences[domain]': '0' },
      },
      more: { warnings: WARNINGS },
    },
    GetContacts: {
      requests: [{ ...without(profile, 'tax_id'), userid: known.ada, limitstart: '0', limitnum: '5' }],
      more: {
        'contacts.contact[].companyname': 'it can be written, so it can be read',
        'contacts.contact[].tax_id': 'it can be written, so it can be read',
      },
    },
  };
}

function recordRequests(known: Known): Record<string, Asked> {
  const credit = { clientid: known.ada, description: 'Gift', amount: '24.50', date: '2026-05-31', adminid: known.root };
  return {
    AddClientNote: {
      requests: [{ userid: known.ada, notes: 'Called', sticky: '1' }],
      refusals: {
        'Client ID not found': { userid: '999999', notes: 'x' },
        'Notes can not be empty': { userid: known.ada, notes: ' ' },
      },
    },
    AddCredit: {
      requests: [{ ...credit, type: 'add' }],
      optional: { description: 'no refusal is documented for it' },
      refusals: {
        'Type can only be add or remove': { ...credit, type: 'give' },
        'Client ID Not Found': { ...credit, clientid: '999999' },
        'Admin ID Not Found': { ...credit, adminid: '999999' },
        'No Amount Provided': without(credit, 'amount'),
        'Amount must be in decimal format: ### or ###.##': { ...credit, amount: '1,50' },
        'Date Format is not Valid': { ...credit, date: '2026-02-31' },
      },
    },
    GetCredits: { requests: [{ clientid: known.ada }], refusals: { 'Client ID Not Found': { clientid: '999999' } } },
    LogActivity: { requests: [{ clientid: known.ada, description: 'Paid by hand' }] },
  };
}

function userRequests(known: Known): Record<string, Asked> {
  const person = {
    firstname: 'Una',
    lastname: 'New',
    email: 'una@example.test',
    password2: PASSWORD,
    language: 'german',
  };
  const another = { ...person, email: 'dora@example.test' };
  const pair = { user_id: known.benUser, client_id: known.ada };
  const strangers: Record<string, Values> = {
    'Invalid user id': { ...pair, user_id: '999999' },
    'Invalid client id': { ...pair, client_id: '999999' },
    'User is not associated with client': { ...pair, user_id: known.eveUser },
  };
  const granted = (values: Values): Values => ({ ...values, permissions: 'profile,contacts' });
  return {
    AddUser: {
      requests: [person],
      refusals: {
        'You did not enter a first name': without(another, 'firstname'),
        'You did not enter a last name': without(another, 'lastname'),
        'You did not enter an email address': without(another, 'email'),
        'You did not enter a password': without(another, 'password2'),
        'The email address entered is not valid': { ...another, email: 'dora' },
        'A user already exists with that email address': { ...another, email: 'ada@example.test' },
      },
    },
    UpdateUser: {
      requests: [{ user_id: known.benUser, ...without(person, 'password2'), email: 'ben@example.test' }],
      refusals: {
        'Invalid User ID requested': { user_id: '999999', firstname: 'x' },
        'One of `email`, `firstname`, `lastname`, or `language` is required': { user_id: known.benUser },
        'The email address entered is not valid': { user_id: known.benUser, email: 'ben' },
        'A user already exists with that email address': { user_id: known.benUser, email: 'ada@example.test' },
      },
    },
    GetPermissionsList: { requests: [{}] },
    CreateClientInvite: {
      requests: [{ client_id: known.ada, email: 'guest@example.test', permissions: 'profile,contacts' }],
      refusals: {
        'Email is required': { client_id: known.ada, permissions: 'profile' },
        'Invalid client id': { client_id: '999999', email: 'guest@example.test', permissions: 'profile' },
        'The email address entered is not valid': { client_id: known.ada, email: 'guest', permissions: 'profile' },
        'User permissions are required': { client_id: known.ada, email: 'guest@example.test' },
        'User already associated with client': {
          client_id: known.ada,
          email: 'ada@example.test',
          permissions: 'profile',
        },
      },
    },
    UpdateUserPermissions: {
      requests: [granted(pair)],
      refusals: {
        ...Object.fromEntries(Object.entries(strangers).map(([text, values]) => [text, granted(values)])),
        'Permissions cannot be set on a client owner': granted({ ...pair, user_id: known.adaUser }),
        'Missing permissions definition': pair,
      },
    },
    GetUserPermissions: {
      requests: [pair],
      refusals: strangers,
      more: { permissions: 'what the action is for; the example leaves it out' },
    },
    GetUsers: { requests: [{ limitstart: '0', limitnum: '5', sorting: 'ASC', search: 'ada' }] },
    ResetPassword: {
      requests: [{ id: known.benUser }, { email: 'ben@example.test' }],
      refusals: {
        'Please provide a valid email address': { email: 'ben' },
        'User Not Found': { id: '999999' },
        'Please enter the email address or provide the id': {},
      },
    },
  };
}

function signInRequests(known: Known): Record<string, Asked> {
  const custom = { destination: 'sso:custom_redirect', sso_redirect_path: '/account/1/details' };
  return {
    DecryptPassword: { requests: [{ password2: known.sealed }] },
    CreateSsoToken: {
      requests: [{ client_id: known.ada, user_id: known.adaUser, ...custom, service_id: '1', domain_id: '1' }],
      refusals: {
        'Invalid client_id': { client_id: '999999' },
        'Invalid user_id': { user_id: '999999' },
        'Invalid user_id for client': { client_id: known.ada, user_id: known.eveUser },
        'A valid client_id or user_id is required': {},
        'Invalid destination': { client_id: known.ada, destination: 'clientarea:nowhere' },
        'SSO authentication blocked for client x': { client_id: known.eve },
      },
      says: { 'SSO authentication blocked for client x': `SSO authentication blocked for client ${known.eve}` },
      unreached: { 'Token could not be provisioned: x': 'no other service is asked for the token' },
    },
    ValidateLogin: {
      requests: [{ email: 'ada@example.test', password2: PASSWORD }],
      refusals: { 'Email or Password Invalid': { email: 'ada@example.test', password2: 'wrong' } },
      types: {
        userid: ['number', AS_TABLE],
        twoFactorEnabled: ['boolean', AS_TABLE],
        passwordhash: ['string', 'the token of a session, longer than the forty digits of an SHA-1'],
      },
    },
  };
}

function letterRequests(known: Known): Record<string, Asked> {
  const customvars = encoded({ ticket: 'T-1' });
  const own = { customsubject: 'Hello', custommessage: '<p>Hello</p>' };
  const toAda = { ...own, customtype: 'general', id: known.ada, customvars };
  const nothingYet = 'there is nothing yet that such a letter could be about';
  return {
    SendEmail: {
      requests: [{ messagename: 'News', id: known.ada, customvars }, toAda],
      refusedValues: Object.fromEntries(
        ['product', 'domain', 'invoice', 'support', 'affiliate'].map((type) => [`customtype ${type}`, nothingYet]),
      ),
      refusals: {
        'You must provide either an existing email template name or a custom message type': {},
        'Invalid message type provided': { ...toAda, customtype: 'evil' },
        'A subject is required for a custom message': without(toAda, 'customsubject'),
        'A message body is required for a custom message': without(toAda, 'custommessage'),
        'The custom variables you provided are invalid.': { ...toAda, customvars: 'x' },
        'A related ID is required': without(toAda, 'id'),
        'Email Template not found': { messagename: 'Nothing', id: known.ada },
        'Email Template is disabled': { messagename: 'Client Signup Email', id: known.ada },
        'Sending Failed. Please see documentation.': { ...toAda, id: '999999' },
      },
    },
    SendAdminEmail: {
      requests: [
        { messagename: 'Alarm', type: 'system', 'mergefields[load]': '0.3', deptid: '1' },
        { ...own, type: 'support', deptid: '1', mergefields: encoded({ load: '0.3' }) },
      ],
      unread: { deptid: 'there are no departments' },
      refusals: { 'Email Template not found': { messagename: 'Nothing' } },
    },
    GetEmailTemplates: { requests: [{ type: 'general', language: 'english' }, {}] },
    GetEmails: {
      requests: [{ clientid: known.ada, limitstart: '0', limitnum: '5', date: '2026-06-01', subject: 'hell' }],
      refusals: { 'Client ID Not Found': { clientid: '999999' } },
    },
  };
}

function readingRequests(known: Known): Record<string, Asked> {
  const noDepartments = 'there are no departments';
  return {
    GetActivityLog: {
      requests: [
        { limitstart: '0', limitnum: '5', clientid: known.ada, date: '2026-06-01', description: 'by hand' },
        { user: 'root', ipaddress: '127.0.0.1' },
      ],
    },
    GetAdminUsers: {
      requests: [{ roleid: known.fullRole, email: 'root@', include_disabled: 'true' }],
      absent: {
        'admin_users[].supportDepartmentIds[]': noDepartments,
        'admin_users[].receivesTicketNotifications[]': noDepartments,
      },
    },
    GetClientGroups: { requests: [{}] },
    GetClients: {
      requests: [
        { limitstart: '0', limitnum: '5', sorting: 'ASC', status: 'Active', search: 'Ada', orderby: 'id' },
        { limitnum: '100' },
      ],
    },
    GetClientsDetails: {
      requests: [{ clientid: known.ada, stats: 'true' }, { email: 'ada@example.test' }],
      refusals: {
        'Either clientid Or email Is Required': { stats: 'true' },
        'Client Not Found': { clientid: '999999' },
      },
      more: Object.fromEntries(
        Object.keys(CLIENT_EXAMPLE).map((name) => [name, 'older programs read the fields beside `client`']),
      ),
      unwarned: {
        'Credit Card related parameters are now deprecated and have been removed. Use GetPayMethods instead.':
          'it is of fields of the answer that are gone since 7.8, and no parameter asks for them',
      },
    },
  };
}

function endingRequests(known: Known): Record<string, Asked> {
  const pair = { user_id: known.benUser, client_id: known.ada };
  return {
    DeleteContact: {
      requests: [{ contactid: known.leavingContact }],
      refusals: { 'Contact ID Not Found': { contactid: '999999' } },
    },
    DeleteUserClient: {
      requests: [pair],
      refusals: {
        'Invalid user id': { ...pair, user_id: '999999' },
        'Invalid client id': { ...pair, client_id: '999999' },
        'User is not associated with client': pair,
        'You cannot remove the account owner': { ...pair, user_id: known.adaUser },
      },
    },
    CloseClient: {
      requests: [{ clientid: known.leaving }],
      refusals: { 'Client ID Not Found': { clientid: '999999' } },
      unreached: { 'An unexpected error occurred: xxx': 'whatever nobody foresaw is answered alike in every action' },
    },
    DeleteClient: {
      requests: [{ clientid: known.leaving, deleteusers: 'true', deletetransactions: 'true' }],
      unread: { deletetransactions: 'there are no transactions; the credit log stays' },
      refusals: { 'Client ID Not Found': { clientid: '999999' } },
      unreached: { 'Client Delete Failed: xxxxxx': 'nothing keeps an account from being deleted' },
    },
  };
}
