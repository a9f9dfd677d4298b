// What factors announce; sessions and half-done sign-ins end by it, in the same transaction.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { defineEvent } from '#kit/events.ts';

type FactorChange = {
  readonly holder: FactorHolder;
  /** The factor's name. */
  readonly factor: string;
  /** The session of whoever changed it, which may stay. */
  readonly keepSessionId: number | undefined;
};

/** A person set up a second factor. */
export const factorAdded = defineEvent<FactorChange>('user.2fa.enabled', told);
/** A second factor was taken away; `by`: who did it. */
export const factorRemoved = defineEvent<FactorChange & { readonly by: 'self' | 'staff' | 'recovery' }>(
  'user.2fa.disabled',
  told,
);

function told({ holder, factor }: FactorChange): Record<string, number | string> {
  return { [holder.kind === 'user' ? 'user_id' : 'administrator_id']: holder.id, factor };
}
