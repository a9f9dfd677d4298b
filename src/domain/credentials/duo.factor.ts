// Duo as a second factor, beside a password and where it is asked again who somebody is.

import { deleteDuo, duoRow, holdersOfDuo } from '#domain/credentials/duo.table.ts';
import { DUO, isDuoOffered, spendingOfVisit } from '#domain/credentials/duo.ts';
import type { Factor } from '#domain/credentials/factor.ts';

/** For what a page asked Duo; it alone says so, and never the address that came back. */
type AskedFor = 'second-factor' | 'step-up';

/** What a page hands to `check`: for what it asked, and what came back. A visit for one is none for the other. */
export function duoResponse(purpose: AskedFor, state: string, code: string): string {
  return JSON.stringify({ purpose, state, code });
}

const duo: Factor = {
  name: DUO,
  // A push names the application and the place, and is answered on another device; but it can be talked out of somebody.
  strength: 60,
  asks: 'visit',
  isSpare: false,
  keptIn: 'duo_holders',
  isSetUp: async (ctx, holder) => (await duoRow(ctx, holder)) !== undefined,
  isOffered: isDuoOffered,
  async check(ctx, holder, { text, browser }) {
    const sent = sentIn(text);
    return sent && spendingOfVisit(ctx, { purpose: sent.purpose, holder, browser }, sent);
  },
  takeAway: async (tx, holder) => {
    await deleteDuo(tx, holder);
  },
  holdersOf: holdersOfDuo,
};
export default duo;

function sentIn(text: string): { purpose: AskedFor; state: string; code: string } | undefined {
  try {
    const { purpose, state, code } = JSON.parse(text);
    if (purpose !== 'second-factor' && purpose !== 'step-up') return undefined;
    return typeof state === 'string' && typeof code === 'string' ? { purpose, state, code } : undefined;
  } catch {
    return undefined; // typed at another factor's page
  }
}
