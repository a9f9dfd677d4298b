// Whether people may open an account by themselves, and how many (behaviours.md 9.3, 11.2).

import type { Setting } from '#domain/settings/setting.ts';
import { choice, flag, wholeNumber } from '#domain/settings/setting.ts';

/** Lets everybody open an account at /register. */
export const registrationOpen: Setting<boolean> = {
  name: 'registration-open',
  area: 'people',
  kind: flag(),
  fallback: true,
};

/** Which registrations wait for staff. */
export const registrationApproval: Setting<string> = {
  name: 'registration-approval',
  area: 'people',
  kind: choice(['none', 'above-cap', 'all']),
  fallback: 'none',
};

/** How many registrations there may be in a day, counted from the first one; 0: as many as come. */
export const registrationDailyCap: Setting<number> = {
  name: 'registration-daily-cap',
  area: 'people',
  kind: wholeNumber(0, 100_000, 'registrations'),
  fallback: 0,
};

/** How long a registration waits for staff before it is thrown away. */
export const registrationWaitDays: Setting<number> = {
  name: 'registration-wait-days',
  area: 'people',
  kind: wholeNumber(1, 90, 'days'),
  fallback: 14,
};

/** Where the terms of service stand; where it is empty nobody has to accept any. */
export const termsAddress: Setting<string> = {
  name: 'terms-address',
  area: 'people',
  kind: {
    shown: 'text',
    read: (given) => {
      const address = given.trim();
      const fits = address === '' || (/^https?:\/\/\S+$/i.test(address) && URL.canParse(address));
      return fits && address.length <= 300 ? { value: address } : { fault: 'link-invalid' };
    },
    write: (value) => value,
  },
  fallback: '',
};
