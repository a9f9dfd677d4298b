// The level of WHMCS whose API this one answers like. Programs read it to decide which fields to send and to expect.

/** What GetAdminDetails and WhmcsDetails answer as `whmcs`. */
export const COMPATIBILITY = { version: '8.13.0', canonicalversion: '8.13.0-release.1' } as const;
