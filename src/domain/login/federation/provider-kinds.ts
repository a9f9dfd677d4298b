// The kinds of sites that tell us who somebody is: any OpenID Connect provider, and what is known beforehand of four.

/** A kind. `openid` is any provider found by discovery; `github` speaks OAuth 2 alone. */
export const PROVIDER_KINDS = ['google', 'microsoft', 'apple', 'github', 'openid'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Whether a text names a kind. */
export function isProviderKind(text: string): text is ProviderKind {
  return (PROVIDER_KINDS as readonly string[]).includes(text);
}

/** What is known of a kind before anything is typed. */
export type KindFacts = {
  /** Its name as customers know it; empty where each has its own. */
  readonly name: string;
  /** Its issuer: `fixed`; `tenant`: made of a Microsoft tenant; `typed`: whatever staff enter. */
  readonly issuer: { readonly is: 'fixed' | 'typed'; readonly value: string } | { readonly is: 'tenant' };
  readonly scopes: string;
  /** Whether a word of it that an address is verified may be taken at all, and is unless staff say otherwise. */
  readonly verifies: 'usually' | 'if-told' | 'never';
};

/** The facts of each kind. */
export const KIND_FACTS: Readonly<Record<ProviderKind, KindFacts>> = {
  google: {
    name: 'Google',
    issuer: { is: 'fixed', value: 'https://accounts.google.com' },
    scopes: 'openid email profile',
    verifies: 'usually',
  },
  // The address in a Microsoft token is what the administrators of whichever tenant typed (the weakness called nOAuth).
  microsoft: { name: 'Microsoft', issuer: { is: 'tenant' }, scopes: 'openid email profile', verifies: 'never' },
  apple: {
    name: 'Apple',
    issuer: { is: 'fixed', value: 'https://appleid.apple.com' },
    scopes: 'openid email name',
    verifies: 'usually',
  },
  github: {
    name: 'GitHub',
    issuer: { is: 'typed', value: 'https://github.com' },
    scopes: 'read:user user:email',
    verifies: 'usually',
  },
  openid: { name: '', issuer: { is: 'typed', value: '' }, scopes: 'openid email profile', verifies: 'if-told' },
};

const MICROSOFT = 'https://login.microsoftonline.com';
const TENANT =
  /^(?:common|organizations|consumers|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;

/** The address at which a Microsoft tenant is discovered; undefined when the text is no tenant. */
export function microsoftIssuer(tenant: string): string | undefined {
  return TENANT.test(tenant) ? `${MICROSOFT}/${tenant.toLowerCase()}/v2.0` : undefined;
}

/** The tenant of such an address. */
export function microsoftTenant(issuer: string): string {
  return issuer.split('/')[3] ?? '';
}

/**
 * Whether `found` may be the issuer of what was discovered at `asked`: itself, but for a slash at the end. Microsoft names
 * each tenant by its number, or, where any may sign in, by a place for it (OpenID Connect Discovery 4.3).
 */
export function isIssuerOf(kind: ProviderKind, asked: string, found: string): boolean {
  if (kind === 'microsoft')
    return /^https:\/\/login\.microsoftonline\.com\/(?:\{tenantid\}|[0-9a-f-]{36})\/v2\.0$/.test(found);
  return URL.canParse(asked) && URL.canParse(found) && new URL(asked).href === new URL(found).href;
}
