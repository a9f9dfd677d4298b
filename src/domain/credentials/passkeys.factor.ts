// Passkeys and security keys as a second factor, beside a password and where it is asked again who somebody is.

import type { Factor } from '#domain/credentials/factor.ts';
import { deletePasskeys, hasPasskey, holdersOfPasskeys } from '#domain/credentials/passkeys.table.ts';
import { arePasskeysOffered, checkAnswer, PASSKEY } from '#domain/credentials/passkeys.ts';

/** For what a page asks; it alone says so, and never the form. */
type AskedFor = 'second-factor' | 'step-up';

/**
 * What a page hands to `check`: what it asks for, and what its form sent. A challenge for one is none for the other, so
 * nothing is won by a wrong word here.
 */
export function passkeyResponse(purpose: AskedFor, token: string, response: string): string {
  return `${purpose} ${token} ${response}`;
}

const passkey: Factor = {
  name: PASSKEY,
  strength: 90, // nothing that could be typed into another site's page (ASVS 5.0 V6.3.3, level 3; phishing resistant)
  asks: 'ceremony',
  isSpare: false,
  keptIn: 'passkeys',
  isSetUp: hasPasskey,
  isOffered: arePasskeysOffered,
  async check(ctx, holder, { text, browser }) {
    const [, purpose, token = '', response = ''] = /^(second-factor|step-up) (\S*) (.*)$/s.exec(text) ?? [];
    if (purpose !== 'second-factor' && purpose !== 'step-up') return undefined;
    const asking = { purpose, side: holder.kind, whose: holder, browser } as const;
    const checked = await checkAnswer(ctx, asking, token, response);
    return checked.is === 'right' ? checked.spend : undefined;
  },
  takeAway: deletePasskeys,
  holdersOf: holdersOfPasskeys,
};
export default passkey;
