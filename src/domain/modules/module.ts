// What a module of the operator's is: what it hears, what it is asked, and what it may answer. docs/integrate/hooks.md
// shows one. None of it ever carries a password.

import type { Logger } from 'pino';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { Told } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** What a module works with. `ctx` is for `localApi`; `signal` is aborted when its time is over. */
export type Tools = { readonly ctx: Context; readonly log: Logger; readonly signal: AbortSignal };

/** What a module may answer at once, or in a moment. */
type Soon<Answer> = Answer | Promise<Answer>;

/** Who fills something in: somebody not signed in, a person in the client area, staff, or a program. */
export type FilledInBy = 'stranger' | 'user' | 'staff' | 'program';

/** The details of a client account that somebody wants to register, add or change (WHMCS: ClientDetailsValidation). */
export type AskedDetails = {
  readonly purpose: 'registration' | 'addition' | 'change';
  readonly by: FilledInBy;
  /** The account that is changed. */
  readonly clientId: number | undefined;
  /** As it would be afterwards. */
  readonly profile: ClientProfile;
  /** The custom fields that were filled in, by id; never those that hide what is typed. */
  readonly customFields: Readonly<Record<string, string>>;
  /** The names of the profile fields that would be another; of a new account, all of them. */
  readonly changed: readonly (keyof ClientProfile)[];
};

/** The details of a contact of an account (WHMCS: ContactDetailsValidation). `contactId` undefined: a new one. */
export type AskedContact = Pick<AskedDetails, 'by' | 'profile' | 'changed'> & {
  readonly clientId: number;
  readonly contactId: number | undefined;
};

/** A sentence for whoever filled it in, of the whole or of one field. */
export type Objection = string | { readonly field: keyof ClientProfile; readonly message: string };

/** What a check answers: nothing to object, or what is wrong. */
export type Verdict = Objection | readonly Objection[] | undefined;

/** Whom an outside store knows. `passwordHash`: as stored there, in a format that Doorward reads; it is checked here. */
export type Vouched = {
  readonly firstName: string;
  readonly lastName: string;
  readonly passwordHash: string;
  /** WHMCS's name of a language, such as `german`. */
  readonly language?: string | undefined;
};

/** What stands at the top of an account's home (WHMCS: ClientAlert). `link` leads inside our pages or to the operator's. */
export type ModuleAlert = {
  readonly tone: 'success' | 'info' | 'warning' | 'danger';
  readonly text: string;
  readonly link?: string | undefined;
};

/** A module. Everything but the name may be left out. */
export type Module = {
  /** Small letters, digits and `-`; it stands in the log. */
  readonly name: string;
  /** What it hears, by the name of the event, once that is stored for good. */
  readonly on?: Readonly<Record<string, (told: Told, tools: Tools) => Soon<unknown>>>;
  readonly checks?: {
    readonly clientDetails?: (asked: AskedDetails, tools: Tools) => Soon<Verdict>;
    readonly contactDetails?: (asked: AskedContact, tools: Tools) => Soon<Verdict>;
  };
  /** What becomes of what is checked when a check fails or takes too long; `refuse` unless said otherwise. */
  readonly whenBroken?: 'refuse' | 'let-through';
  /** Who has this address in an outside store, for the first sign-in of somebody whom Doorward does not know yet. */
  readonly vouch?: (asked: { readonly email: string }, tools: Tools) => Soon<Vouched | undefined>;
  readonly alerts?: (
    asked: { readonly clientId: number; readonly userId: number },
    tools: Tools,
  ) => Soon<readonly ModuleAlert[]>;
};

const made = new WeakSet<object>();
const PARTS = ['name', 'on', 'checks', 'whenBroken', 'vouch', 'alerts'];
const CHECKS = ['clientDetails', 'contactDetails'];

/** Makes a module; a file of the folder exports it by default. Throws where it is none, so that a slip stops the start. */
export function defineModule(module: Module): Module {
  const { name, on = {}, checks = {}, whenBroken = 'refuse', vouch, alerts } = module;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new TypeError('a module has a name of small letters, digits and "-"');
  requireKnown(name, Object.keys(module), PARTS);
  requireKnown(name, Object.keys(checks), CHECKS);
  if (!['refuse', 'let-through'].includes(whenBroken))
    throw new TypeError(`the module ${name}: whenBroken is "refuse" or "let-through"`);
  for (const one of [...Object.values(on), ...Object.values(checks), vouch, alerts])
    if (one !== undefined && typeof one !== 'function')
      throw new TypeError(`the module ${name}: what it does is said by functions`);
  const frozen = Object.freeze({ ...module });
  made.add(frozen);
  return frozen;
}

/** Whether `defineModule` made it. */
export function isModule(value: unknown): value is Module {
  return typeof value === 'object' && value !== null && made.has(value);
}

function requireKnown(name: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw new TypeError(`the module ${name}: there is no "${unknown}", only ${known.join(', ')}`);
}
