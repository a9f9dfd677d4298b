// Whom to believe about a visitor's address.

import type { NotedRange, Setting } from '#domain/settings/setting.ts';
import { ranges, text } from '#domain/settings/setting.ts';

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
