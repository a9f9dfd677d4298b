// AddClient: a client account with its owner, a new person or one who is here already.

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
import { flag, integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { documented } from '#api/documented.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { profileFaults } from '#domain/clients/client-profile.ts';
import { answerFault, listQuestions } from '#domain/credentials/security-questions.ts';
import { addClientWithOwner, type NewOwner } from '#domain/signup/new-client.ts';
import type { User } from '#domain/users/users.ts';
import { findUser } from '#domain/users/users.ts';
import { plainAddress } from '#kit/address.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

const TEXTS = {
  ...PROFILE_TEXTS,
  'owner-not-found': 'Invalid Owner User ID',
  'password-missing': 'You did not enter a password', // AddUser's words: AddClient documents none
  'email-taken': 'A user already exists with that email address',
};

/**
 * owner_user_id, or password2 for a new owner with the names and the address of the client; the profile, of which
 * skipvalidation asks only the address (and of an existing owner not even that: theirs is taken); currency, groupid,
 * language, notes, clientip, marketingoptin, noemail. A new owner gets a letter, without the password, unless noemail.
 * customfields (by id) too: those of the order form that are required have to be there. securityqid and securityqans set a
 * new owner's security question. Answers clientid and owner_id. Cards, custom fields that are not there, and a question that
 * cannot be set, are dropped with a text in `warnings`.
 */
export default action({
  group: 'Client',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const user = await ownerIn(ctx, values);
      const lenient = flag(values, 'skipvalidation') ?? false;
      const profile = newProfile(values, lenient ? user : undefined);
      const faults = await profileFaults(ctx, profile, lenient);
      if (Object.keys(faults).length > 0) throw invalid(faults);
      const fields = await customFieldsIn(ctx, values);
      const question = user ? NO_QUESTION : await questionIn(ctx, values);
      const { clientId, ownerId } = await namingFields(() =>
        addClientWithOwner(ctx, caller.actor, {
          profile: { ...profile, ...choicesIn(values) },
          owner: user ? { kind: 'existing', userId: user.id } : newOwner(values, question.is),
          fields: { typed: fields.typed, filling: { audience: 'staff', requiredOf: 'newcomer', lenient } },
          welcome: !(flag(values, 'noemail') ?? false),
          lenient,
          lenientPassword: true,
          signupIp: plainAddress((scalar(values, 'clientip') ?? '').trim()) ?? '',
        }),
      );
      return {
        clientid: String(clientId), // a text in the documented example
        owner_id: ownerId,
        warnings: warningsOf(values, { cards: 'AddPayMethod' }, [...fields.warnings, ...question.warnings]),
      };
    }),
});

async function ownerIn(ctx: Context, values: WireValues): Promise<User | undefined> {
  const id = idIn(values, 'owner_user_id', TEXTS['owner-not-found']);
  const user = id === undefined ? undefined : await findUser(ctx, id);
  if (id !== undefined && !user) throw new ActionError(TEXTS['owner-not-found']);
  return user;
}

type SentQuestion = {
  readonly is: { readonly id: number; readonly answer: string } | undefined;
  readonly warnings: readonly string[];
};

const NO_QUESTION: SentQuestion = { is: undefined, warnings: [] };

/** The security question by its id on the list, with an answer that can be kept; what cannot is no reason to refuse a client. */
async function questionIn(ctx: Context, values: WireValues): Promise<SentQuestion> {
  const id = integer(values, 'securityqid');
  if (id === undefined || id === 0) return NO_QUESTION;
  const answer = scalar(values, 'securityqans') ?? '';
  if (typeof id !== 'number' || !(await listQuestions(ctx)).some((one) => one.id === id))
    return { is: undefined, warnings: ['There is no security question of this securityqid here, so it was ignored.'] };
  if (answerFault(answer) !== undefined)
    return {
      is: undefined,
      warnings: ['The parameter securityqans is missing, too short or too long, so it was ignored.'],
    };
  return { is: { id, answer }, warnings: [] };
}

function newOwner(values: WireValues, question: SentQuestion['is']): NewOwner {
  const password = scalar(values, 'password2');
  if (password === undefined) throw invalid({ password: 'password-missing' });
  return { kind: 'new', password, ...(question ? { question } : {}) };
}

function newProfile(values: WireValues, stepIn: User | undefined): ClientProfile {
  const sent = profileIn(values);
  return {
    firstName: '',
    lastName: '',
    companyName: '',
    address1: '',
    address2: '',
    city: '',
    state: '',
    postcode: '',
    country: '',
    phoneNumber: '',
    taxId: '',
    ...sent,
    email: sent.email || stepIn?.email || '',
  };
}

function choicesIn(values: WireValues) {
  const currencyId = idIn(values, 'currency', 'Invalid currency');
  const groupId = idIn(values, 'groupid', 'Invalid groupid');
  const language = languageIn(values);
  return {
    ...(currencyId === undefined ? {} : { currencyId }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(language === undefined ? {} : { language }),
    notes: scalar(values, 'notes') ?? '',
    marketingOptIn: flag(values, 'marketingoptin') ?? false,
  };
}
