// How letters leave.

import type { Setting } from '#domain/settings/setting.ts';
import { lines, mailAddress, text } from '#domain/settings/setting.ts';

/** The sender's address of every letter; empty: `no-reply@` and the host of the public address. */
export const mailFromAddress: Setting<string> = {
  name: 'mail-from-address',
  area: 'mail',
  kind: mailAddress(),
  fallback: '',
};

/** The sender's name; empty: the company's. */
export const mailFromName: Setting<string> = { name: 'mail-from-name', area: 'mail', kind: text(100), fallback: '' };

/** A closing under every letter. */
export const mailSignature: Setting<string> = {
  name: 'mail-signature',
  area: 'mail',
  kind: lines(2000),
  fallback: '',
};
