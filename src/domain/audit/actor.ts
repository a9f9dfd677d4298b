// Who acts. Every rule that changes something is given one, and the audit line comes from it.

/** Whoever acts, as the audit line names them. `ip` is the visitor's address as `guard` sees it. */
export type Actor =
  | { readonly kind: 'system'; readonly name: string; readonly ip: string }
  | { readonly kind: 'stranger'; readonly name: string; readonly ip: string }
  | UserActor
  | StaffActor;

/** A person with their own sign-in; or, when `acting` says so, staff in their place. */
export type UserActor = {
  readonly kind: 'user';
  readonly userId: number;
  readonly name: string;
  readonly ip: string;
  readonly acting?: { readonly administratorId: number; readonly name: string } | undefined;
};

/** An administrator, by hand, through a credential of the API, in this process, or on the command line. */
export type StaffActor = {
  readonly kind: 'administrator';
  readonly administratorId: number;
  readonly name: string;
  readonly ip: string;
  readonly credentialId?: number;
};

/** Doorward itself: jobs, start, the operator's command line. */
export function systemActor(name = 'System'): Actor {
  return { kind: 'system', name, ip: '' };
}

/** Somebody who has not signed in. */
export function strangerActor(ip: string): Actor {
  return { kind: 'stranger', name: '', ip };
}
