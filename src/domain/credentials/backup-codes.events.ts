// What backup codes announce; letters go out by it, in the same transaction.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { defineEvent } from '#kit/events.ts';

type Codes = {
  readonly holder: FactorHolder;
  /** How many are left. */
  readonly left: number;
};

/** Somebody showed a backup code in place of their second factor (behaviours.md 12). */
export const backupCodeUsed = defineEvent<Codes>('user.2fa.recovery_used', told);

/** A person made new backup codes; the older ones are dead. `isFirst`: there were none. */
export const backupCodesMade = defineEvent<Codes & { readonly isFirst: boolean }>('user.2fa.backup_codes_made', told);

function told({ holder, left }: Codes): Record<string, number> {
  return { [holder.kind === 'user' ? 'user_id' : 'administrator_id']: holder.id, codes_left: left };
}
