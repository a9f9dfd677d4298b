// How letters leave, and what the operator puts on all of them.

import type { Setting, SettingKind } from '#domain/settings/setting.ts';
import { flag, lines, mailAddress, text } from '#domain/settings/setting.ts';
import { isMailAddress } from '#kit/text.ts';

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

/** What stands above every letter to customers (WHMCS: client e-mail header). Read as the texts of letters are, without fields. */
export const mailHeader: Setting<string> = { name: 'mail-header', area: 'mail', kind: lines(4000), fallback: '' };

/** What stands below every letter to customers (WHMCS: client e-mail footer). */
export const mailFooter: Setting<string> = { name: 'mail-footer', area: 'mail', kind: lines(4000), fallback: '' };

/** The most addresses that get copies. */
const MOST_COPIES = 10;

/** Mail addresses, one a line. */
export function addressLines(): SettingKind<readonly string[]> {
  return {
    shown: 'lines',
    read: (given) => {
      const addresses = [...new Set(given.split(/[\s,;]+/).filter((one) => one !== ''))];
      if (addresses.length > MOST_COPIES) return { fault: 'copies-too-many' };
      return addresses.every(isMailAddress) ? { value: addresses } : { fault: 'copies-invalid' };
    },
    write: (value) => value.join('\n'),
  };
}

/** Who gets a copy of every letter to customers, unseen by them and without links that open something (WHMCS: BCC Messages). */
export const mailCopies: Setting<readonly string[]> = {
  name: 'mail-copies',
  area: 'mail',
  kind: addressLines(),
  fallback: [],
};

/** Holds every letter back (WHMCS: Disable Email Sending). They wait in the outbox until their use is over. */
export const mailHeldBack: Setting<boolean> = { name: 'mail-held-back', area: 'mail', kind: flag(), fallback: false };
