// Who may use passkeys, and for what.

import type { Setting } from '#domain/settings/setting.ts';
import { flag } from '#domain/settings/setting.ts';

/** Customers may set up passkeys and security keys. */
export const passkeysForUsers: Setting<boolean> = {
  name: 'passkeys-for-users',
  area: 'security',
  kind: flag(),
  fallback: true,
};

/** Staff may. */
export const passkeysForAdministrators: Setting<boolean> = {
  name: 'passkeys-for-administrators',
  area: 'security',
  kind: flag(),
  fallback: true,
};

/** A passkey that checks its person (by finger, face or PIN) signs them in without a password. */
export const passkeySignIn: Setting<boolean> = {
  name: 'passkey-sign-in',
  area: 'security',
  kind: flag(),
  fallback: true,
};
