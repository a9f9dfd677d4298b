// The part of a form by which visitors show that they are people. Without scripts it is a question; with them our script
// does the work and takes the question away, or the widget of a provider stands in its place.

import type { Captcha } from '#domain/guard/captcha.ts';
import type { CaptchaProvider } from '#domain/guard/captcha-providers.ts';
import type { Question } from '#domain/guard/captcha-question.ts';
import { type Html, html } from '#kit/html.ts';
import { assetHref } from './assets.ts';
import { hiddenField } from './button.ts';
import { textField } from './field.ts';
import type { FieldErrors } from './field-frame.ts';
import type { Frame } from './frame.ts';

/** Draws it. The names of its fields are those that domain/guard/captcha.ts reads. */
export function captchaField(frame: Frame, captcha: Captcha, errors: FieldErrors | undefined): Html {
  const script = html`<script type="module" src="${assetHref('captcha.js')}"></script>`;
  const question = questionField(frame, captcha.question, errors);
  if (captcha.kind === 'altcha')
    return html`<div data-captcha="altcha" data-challenge="${captcha.challenge}">${hiddenField('captcha', '')}${stateLine(frame)}${question}</div>${script}`;
  const { kind, siteKey, action } = captcha;
  return html`<div data-captcha="${kind}" data-global="${PROVIDERS[kind].global}" data-site-key="${siteKey}" data-action="${action}">${
    kind === 'recaptcha-v3' ? hiddenField('captcha', '') : widget(kind, siteKey, action)
  }${question}</div><script src="${scriptAddress(frame, kind, siteKey)}" data-captcha-script async defer></script>${script}`;
}

/** What a page with this captcha has to be allowed to load, by the directives of a content security policy. */
export function captchaSources(captcha: Captcha): CaptchaSources {
  return captcha.kind === 'altcha' ? {} : PROVIDERS[captcha.kind].sources;
}

/** Sources by directive. */
export type CaptchaSources = Readonly<
  Partial<Record<'script-src' | 'style-src' | 'connect-src' | 'frame-src', string>>
>;

type Provider = { readonly script: string; readonly global: string; readonly sources: CaptchaSources };

const GOOGLE: Provider = {
  script: 'https://www.google.com/recaptcha/api.js',
  global: 'grecaptcha',
  sources: {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
    'connect-src': 'https://www.google.com/recaptcha/',
  },
};
const HCAPTCHA = 'https://hcaptcha.com https://*.hcaptcha.com';

/** What each provider's own documentation asks for, and no more. */
const PROVIDERS: Readonly<Record<CaptchaProvider, Provider>> = {
  turnstile: {
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    global: 'turnstile',
    sources: {
      'script-src': 'https://challenges.cloudflare.com',
      'frame-src': 'https://challenges.cloudflare.com',
    },
  },
  hcaptcha: {
    script: 'https://js.hcaptcha.com/1/api.js',
    global: 'hcaptcha',
    sources: { 'script-src': HCAPTCHA, 'frame-src': HCAPTCHA, 'style-src': HCAPTCHA, 'connect-src': HCAPTCHA },
  },
  recaptcha: GOOGLE,
  'recaptcha-v3': GOOGLE,
};

function scriptAddress(frame: Frame, kind: CaptchaProvider, siteKey: string): string {
  const { script } = PROVIDERS[kind];
  if (kind === 'recaptcha-v3') return `${script}?render=${encodeURIComponent(siteKey)}`;
  return kind === 'turnstile' ? script : `${script}?hl=${encodeURIComponent(frame.language)}`;
}

/** The element that the provider's script looks for. */
function widget(kind: Exclude<CaptchaProvider, 'recaptcha-v3'>, siteKey: string, action: string): Html {
  switch (kind) {
    case 'turnstile':
      return html`<div class="cf-turnstile" data-sitekey="${siteKey}" data-action="${action}" data-size="flexible"></div>`;
    case 'hcaptcha':
      return html`<div class="h-captcha" data-sitekey="${siteKey}"></div>`;
    case 'recaptcha':
      return html`<div class="g-recaptcha" data-sitekey="${siteKey}"></div>`;
  }
}

/** What the work is at, for everybody; shown by the script alone. */
function stateLine({ t }: Frame): Html {
  return html`<p class="text-secondary small" role="status" hidden data-captcha-state data-done="${t('protection.captcha.done')}">${t('protection.captcha.working')}</p>`;
}

function questionField(frame: Frame, question: Question | undefined, errors: FieldErrors | undefined): Html {
  const { t } = frame;
  if (!question) return html`<noscript><p>${t('protection.captcha.needsScript')}</p></noscript>`;
  const field = textField(frame, {
    name: 'captchaAnswer',
    label: t('protection.captcha.question', { one: question.one, other: question.other }),
    help: t('protection.captcha.question.help'),
    errors,
    autocomplete: 'off',
    inputmode: 'numeric',
    maxlength: 6,
    width: 'short',
  });
  return html`<div data-captcha-question>${hiddenField('captchaQuestion', question.token)}${field}</div>`;
}
