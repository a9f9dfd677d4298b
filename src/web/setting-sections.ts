// How the settings are arranged on their pages. A setting that is not named here stands in its area all the same, at the end.

import type { Setting, SettingArea } from '#domain/settings/setting.ts';

/** The areas, in the order of the tabs. */
export const SETTING_AREAS = ['general', 'people', 'security', 'mail', 'api'] as const satisfies readonly SettingArea[];

/** A heading and the settings below it. */
export type SettingSection = { readonly name: SectionName; readonly settings: readonly Setting<unknown>[] };

const ARRANGED = {
  company: ['company-name', 'support-address', 'accent-colour'],
  address: ['public-url'],
  language: ['default-language', 'default-country'],
  maintenance: ['maintenance'],
  profile: ['optional-profile-fields', 'locked-profile-fields', 'locked-user-fields', 'tell-detail-changes'],
  registration: [
    'registration-open',
    'terms-address',
    'registration-approval',
    'registration-daily-cap',
    'registration-wait-days',
  ],
  verification: ['email-verification', 'email-verification-needed'],
  disposable: ['refuse-disposable-addresses', 'disposable-exceptions'],
  statusRule: ['client-status-rule'],
  people: ['owners-manage-people', 'invited-address-only', 'forget-accountless-days'],
  closing: ['closed-readable-days'],
  marketing: ['client-email-preferences', 'marketing-emails', 'marketing-opt-in-required', 'marketing-message'],
  files: ['file-size-limit', 'file-types'],
  passwords: ['password-minimum-length', 'required-password-strength', 'password-target-time'],
  staffBans: ['failed-admin-login-ban-minutes', 'whitelisted-addresses', 'whitelisted-login-failure-notices'],
  captcha: [
    'captcha-protection',
    'captcha-forms',
    'captcha-question',
    'captcha-type',
    'captcha-site-key',
    'captcha-secret-key',
    'captcha-score-threshold',
  ],
  signIn: [
    'login-tries',
    'password-link-minutes',
    'welcome-link-hours',
    'staff-password-reset',
    'security-questions',
    'sign-in-private-providers',
  ],
  secondFactors: [
    'second-factor-required-users',
    'second-factor-required-administrators',
    'second-factor-grace-days',
    'authenticator-users',
    'authenticator-administrators',
    'passkeys-for-users',
    'passkeys-for-administrators',
    'passkey-sign-in',
    'recovery-waiting-hours',
    'owners-approve-recovery',
  ],
  duo: ['duo-users', 'duo-administrators', 'duo-client-id', 'duo-client-secret', 'duo-api-host'],
  sessions: ['session-idle-minutes', 'session-absolute-hours', 'session-address-check'],
  staffSessions: ['admin-session-idle-minutes', 'admin-session-absolute-hours', 'admin-session-address-check'],
  browsers: [
    'remember-days',
    'admin-remember-days',
    'trusted-device-days',
    'admin-trusted-device-days',
    'new-device-letters',
    'show-places',
  ],
  support: ['acting-minutes', 'acting-letter', 'staff-shown-as', 'support-pin-minutes'],
  proxies: ['trusted-proxies', 'proxy-header'],
  sender: [
    'mail-from-name',
    'mail-from-address',
    'mail-signature',
    'mail-header',
    'mail-footer',
    'mail-copies',
    'mail-held-back',
  ],
  programs: ['log-api-authentication', 'api-accepts-weak-passwords'],
} as const;

/** The name of a heading; `further` is for what is not arranged. */
export type SectionName = keyof typeof ARRANGED | 'further';

const SECTION_NAMES: readonly (keyof typeof ARRANGED)[] = [
  'company',
  'address',
  'language',
  'maintenance',
  'profile',
  'registration',
  'verification',
  'disposable',
  'people',
  'closing',
  'statusRule',
  'marketing',
  'files',
  'passwords',
  'signIn',
  'secondFactors',
  'duo',
  'staffBans',
  'captcha',
  'sessions',
  'staffSessions',
  'browsers',
  'support',
  'proxies',
  'sender',
  'programs',
];

/** Settings with a page of their own, which does better than a field could. */
export const OWN_PAGES: Readonly<Record<string, string>> = {
  'api-allowed-addresses': '/admin/allowed-addresses',
  'sso-destinations': '/admin/destinations',
};

/** The area of this name, if there is one. */
export function findArea(name: string | undefined): SettingArea | undefined {
  return SETTING_AREAS.find((area) => area === name);
}

/** Every setting of an area that its form shows, under its headings. */
export function sectionsOf(settings: ReadonlyMap<string, Setting<unknown>>, area: SettingArea): SettingSection[] {
  const shown = [...settings.values()].filter((one) => one.area === area && !one.hidden && !(one.name in OWN_PAGES));
  const arranged = SECTION_NAMES.map((name) => ({
    name,
    settings: ARRANGED[name].flatMap((wanted) => shown.find((one) => one.name === wanted) ?? []),
  }));
  const placed = new Set(arranged.flatMap((section) => section.settings));
  const further = { name: 'further' as const, settings: shown.filter((one) => !placed.has(one)) };
  return [...arranged, further].filter((section) => section.settings.length > 0);
}
