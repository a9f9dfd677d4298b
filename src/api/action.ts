// What an API action is: the default export of every file in api/actions. The file bears the action's name.

import type { AnswerMap } from '#api/dialect/out.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { Administrator } from '#domain/administrators/administrators.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import type { Context } from '#src/context.ts';

/** Who calls: an administrator, through a credential or in this process. */
export type Caller = {
  readonly administrator: Administrator;
  readonly actor: StaffActor;
  /** The credential's id; undefined for a local call. */
  readonly credentialId: number | undefined;
  /** True for calls in this process (`localApi`), which may do what the wire may not. */
  readonly local: boolean;
  /** The browser on whose behalf a local call is made, for sessions bound to an address. */
  readonly visitor: { readonly ip: string; readonly userAgent: string } | undefined;
};

/** A call as an action sees it. */
export type Call = { readonly ctx: Context; readonly caller: Caller; readonly values: WireValues };

/** What may be said with a refusal beside its text. */
export type ActionErrorDetails = {
  /** When trying again makes sense, as the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
};

/** A documented refusal: `result=error` with this text, and status 200 as WHMCS answers application errors. */
export class ActionError extends Error {
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, details: ActionErrorDetails = {}) {
    super(message);
    this.name = 'ActionError';
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** An action. */
export type Action = {
  /** WHMCS's group of the action, as the folder. */
  readonly group: string;
  /** Answers the action's fields; `result=success` is put before them. Throws ActionError with a documented text. */
  readonly answer: (call: Call) => Promise<AnswerMap>;
  /** Only for calls in this process: on the wire it is refused by its documented text. */
  readonly localOnly?: true;
};

/** Declares an action; the default export of its file. */
export function action(declared: Action): Action {
  return declared;
}
