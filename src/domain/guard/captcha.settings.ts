// Whether, where and how visitors show that they are people (behaviours.md 3.6; section 15, number 25).

import type { SealedText, Setting } from '#domain/settings/setting.ts';
import { choice, choices, flag, secret, text } from '#domain/settings/setting.ts';

/** The forms that may ask. */
export const CAPTCHA_FORMS = ['login', 'admin-login', 'register', 'password-reset', 'invitation'] as const;
/** A form that may ask. */
export type CaptchaForm = (typeof CAPTCHA_FORMS)[number];

/** Who is asked: nobody, everybody, whoever is not signed in, or whoever's network failed some times just before. */
export const captchaProtection: Setting<string> = {
  name: 'captcha-protection',
  area: 'security',
  kind: choice(['off', 'after-failures', 'visitors', 'always']),
  fallback: 'off',
};

/** Which forms ask. */
export const captchaForms: Setting<readonly string[]> = {
  name: 'captcha-forms',
  area: 'security',
  kind: choices(CAPTCHA_FORMS),
  fallback: CAPTCHA_FORMS,
};

/** What is asked. `altcha` is a proof of work of our own, for which nobody else is asked. */
export const captchaType: Setting<string> = {
  name: 'captcha-type',
  area: 'security',
  kind: choice(['altcha', 'turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3']),
  fallback: 'altcha',
};

/** What the provider knows this site by. It stands in the page. */
export const captchaSiteKey: Setting<string> = {
  name: 'captcha-site-key',
  area: 'security',
  kind: {
    ...text(200),
    read: (given) =>
      /^[\w.-]{0,200}$/.test(given.trim()) ? { value: given.trim() } : { fault: 'setting-not-a-site-key' },
  },
  fallback: '',
};

/** What proves to the provider that it is we who ask. */
export const captchaSecretKey: Setting<SealedText> = {
  name: 'captcha-secret-key',
  area: 'security',
  kind: secret(),
  fallback: { sealed: '' },
};

/** How sure a provider that gives a score has to be: 0 takes everybody, 1 almost nobody. */
export const captchaScore: Setting<number> = {
  name: 'captcha-score-threshold',
  area: 'security',
  kind: {
    shown: 'text',
    read: (given) =>
      /^(?:0(?:[.,]\d{1,2})?|1(?:[.,]0{1,2})?)$/.test(given.trim())
        ? { value: Number(given.trim().replace(',', '.')) }
        : { fault: 'setting-not-a-score' },
    write: String,
  },
  fallback: 0.5,
};

/** Whether a question in words stands in for those whose browsers run no scripts, or reach no provider. */
export const captchaQuestion: Setting<boolean> = {
  name: 'captcha-question',
  area: 'security',
  kind: flag(),
  fallback: true,
};
