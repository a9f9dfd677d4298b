// What a password must be, and what checking one costs.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, text, wholeNumber } from '#domain/settings/setting.ts';

/** The least length of a password in characters. ASVS 5.0 V6.2.1: at least 8; 15 is advised where there is no second factor. */
export const passwordMinimumLength: Setting<number> = {
  name: 'password-minimum-length',
  area: 'security',
  kind: wholeNumber(8, 64, 'characters'),
  fallback: 12,
};

/**
 * How strong a new password must be beyond our own rule: 0 to 100, the scale of WHMCS's "required password strength", so that
 * its value can be taken over. WHMCS reaches 100 with five characters, a symbol and a capital or digit; to ask for kinds of
 * characters is what ASVS 5.0 V6.2.5 forbids, so the same number asks here for how many guesses it takes
 * (password/guesses.ts). 0: our own rule alone. No value lets a password through that our own rule refuses.
 */
export const requiredPasswordStrength: Setting<number> = {
  name: 'required-password-strength',
  area: 'security',
  kind: wholeNumber(0, 100, 'points'),
  fallback: 0,
};

/** How long one core should work on one password, in milliseconds; measured at start. */
export const passwordTargetTime: Setting<number> = {
  name: 'password-target-time',
  area: 'security',
  kind: wholeNumber(5, 1000, 'milliseconds'),
  fallback: 25,
};

/** Accepts over the API a password that misses the rule, and asks for a better one at the next sign-in. */
export const apiAcceptsWeakPasswords: Setting<boolean> = {
  name: 'api-accepts-weak-passwords',
  area: 'api',
  kind: flag(),
  fallback: false,
};

/** The measured cost and the target it was measured for: `25:19456,2,1`. */
export const passwordMeasuredCost: Setting<string> = {
  name: 'password-measured-cost',
  area: 'security',
  kind: text(100),
  fallback: '',
  hidden: true,
};
