// Whom to believe about a visitor's address.

import type { NotedRange, Setting } from '#domain/settings/setting.ts';
import { flag, ranges, text, wholeNumber } from '#domain/settings/setting.ts';

/** The header in which a trusted proxy tells the visitor's address. */
export const proxyHeader: Setting<string> = {
  name: 'proxy-header',
  area: 'security',
  kind: {
    ...text(60),
    read: (given) =>
      /^[A-Za-z0-9-]+$/.test(given.trim()) ? { value: given.trim().toLowerCase() } : { fault: 'setting-not-a-header' },
  },
  fallback: 'x-forwarded-for',
};

/** Proxies whose header is believed; DOORWARD_TRUSTED_PROXIES adds to them. */
export const trustedProxies: Setting<readonly NotedRange[]> = {
  name: 'trusted-proxies',
  area: 'security',
  kind: ranges(),
  fallback: [],
};

/** How long failed sign-ins to the admin area shut an address out; 0 never does (behaviours.md 3.5). */
export const failedAdminLoginBanMinutes: Setting<number> = {
  name: 'failed-admin-login-ban-minutes',
  area: 'security',
  kind: wholeNumber(0, 10_080, 'minutes'),
  fallback: 15,
};

/** Who is never shut out for failed sign-ins: the operator's own office, say. */
export const neverBanned: Setting<readonly NotedRange[]> = {
  name: 'whitelisted-addresses',
  area: 'security',
  kind: ranges(),
  fallback: [],
};

/** Whether staff are told of failed sign-ins from there all the same. */
export const whitelistedNotices: Setting<boolean> = {
  name: 'whitelisted-login-failure-notices',
  area: 'security',
  kind: flag(),
  fallback: true,
};
