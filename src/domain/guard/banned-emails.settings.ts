// Whether addresses of disposable providers are let in.

import { mailDomain } from '#domain/guard/mail-domain.ts';
import type { Setting } from '#domain/settings/setting.ts';
import { flag, lines } from '#domain/settings/setting.ts';

/** Refuses addresses of providers that give one to anybody for ten minutes. */
export const refuseDisposable: Setting<boolean> = {
  name: 'refuse-disposable-addresses',
  area: 'people',
  kind: flag(),
  fallback: false,
};

/** Domains of that list that are let in all the same, one a line; each with all below it. */
export const disposableExceptions: Setting<readonly string[]> = {
  name: 'disposable-exceptions',
  area: 'people',
  kind: {
    ...lines(10_000),
    shown: 'lines',
    read: (given) => {
      const typed = given.split('\n').filter((line) => line.trim() !== '');
      const domains = typed.map(mailDomain).filter((one) => one !== undefined);
      return domains.length === typed.length ? { value: domains } : { fault: 'email-domain-invalid' };
    },
    write: (value) => value.join('\n'),
  },
  fallback: [],
};
