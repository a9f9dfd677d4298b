// What passkeys announce.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { defineEvent } from '#kit/events.ts';

/** A passkey answered rightly, but with a counter that stood still or went back: somebody may have copied its key. */
export const passkeyCopied = defineEvent<{
  readonly holder: FactorHolder;
  readonly passkeyId: number;
  readonly name: string;
}>('user.2fa.passkey-copied');
