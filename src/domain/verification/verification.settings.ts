// Whether people confirm their address, and what they cannot do before they did (behaviours.md 1.16; section 15, number 23).

import type { Setting } from '#domain/settings/setting.ts';
import { choice, flag } from '#domain/settings/setting.ts';

/** Sends the letter with which a new or changed address is confirmed. Whoever was here before is shown as unconfirmed, and gets none. */
export const emailVerification: Setting<boolean> = {
  name: 'email-verification',
  area: 'people',
  kind: flag(),
  fallback: false,
};

/** Before what an address has to be confirmed; without effect while the letters are off. */
export const verificationNeeded: Setting<string> = {
  name: 'email-verification-needed',
  area: 'people',
  kind: choice(['never', 'before-order', 'before-login']),
  fallback: 'never',
};
