// What was typed into a registration, as it is kept until it is decided: sealed, with the hash of the password among it.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A registration. `passwordHash` undefined: of somebody who is a user already. `approval`: staff decide. */
export type SealedRegistration = {
  readonly profile: ClientProfile;
  readonly language: string;
  readonly currencyId: number | undefined;
  readonly marketingOptIn: boolean;
  readonly fields: readonly (readonly [id: number, text: string])[];
  readonly passwordHash: string | undefined;
  readonly approval: boolean;
  /** The address of the terms that were accepted, or empty. */
  readonly terms: string;
  /** The account elsewhere with which they came, to be linked where it vouches for the very address. */
  readonly identity?: ToldIdentity | undefined;
};

const PURPOSE = 'registration';

/** Seals one. It opens for its own address alone. */
export function sealRegistration(ctx: Context, registration: SealedRegistration): string {
  return ctx.seal.seal(PURPOSE, JSON.stringify(registration), comparable(registration.profile.email));
}

/** Opens one. Throws when it was sealed by another key. */
export function openRegistration(
  ctx: Context,
  row: { readonly sealed: string; readonly email_key: string },
): SealedRegistration {
  const text = ctx.seal.open(PURPOSE, row.sealed, row.email_key);
  if (text === undefined) throw new Error('a registration was sealed by another key');
  return JSON.parse(text) as SealedRegistration; // sealed by sealRegistration
}
