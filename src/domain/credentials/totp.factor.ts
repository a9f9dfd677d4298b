// The factor of authenticator apps: six digits, typed.

import type { Factor } from '#domain/credentials/factor.ts';
import { authenticatorForAdministrators, authenticatorForUsers } from '#domain/credentials/totp.settings.ts';
import {
  deleteAuthenticatorsOf,
  hasAuthenticatorRow,
  holdersOfAuthenticators,
} from '#domain/credentials/totp.table.ts';
import { spendingOfCode, TOTP } from '#domain/credentials/totp.ts';
import { settingOf } from '#domain/settings/settings.ts';

const factor: Factor = {
  name: TOTP,
  // A code can be talked out of somebody and typed elsewhere while it holds; what is bound to our address cannot.
  strength: 40,
  asks: 'code',
  isSpare: false,
  keptIn: 'authenticators',
  isSetUp: hasAuthenticatorRow,
  isOffered: (ctx, kind) => settingOf(ctx, kind === 'user' ? authenticatorForUsers : authenticatorForAdministrators),
  check: async (ctx, holder, { text }) => (/^\d{6}$/.test(text) ? spendingOfCode(ctx, holder, text) : undefined),
  takeAway: deleteAuthenticatorsOf,
  holdersOf: holdersOfAuthenticators,
};

export default factor;
