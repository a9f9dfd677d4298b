// The form by which a page asks for a passkey: what is asked for stands in attributes, for the script; its answer comes back in
// a hidden field. Without script it says kindly that this way needs it.

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { passkeyResponse } from '#domain/credentials/passkeys.factor.ts';
import type { Ceremony, ShownName } from '#domain/credentials/passkeys.ts';
import { browserName } from '#domain/devices/browser-name.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { Visit } from '#web/page.ts';
import { scriptTag } from '#web/parts/assets.ts';
import { attributes } from '#web/parts/attributes.ts';
import { hiddenField } from '#web/parts/button.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';

/** What such a form is made of. */
export type PasskeyForm = {
  /** `create` a passkey, or `get` an answer of one. */
  readonly asks: 'create' | 'get';
  readonly ceremony: Ceremony;
  readonly button: string;
  readonly action?: string;
  readonly tone?: 'primary' | 'plain';
  /** Further fields. */
  readonly body?: Html | undefined;
  readonly errors?: FieldErrors | undefined;
  readonly secondary?: Html;
  /** Also offers passkeys among what the browser fills in, on a page whose name field says `webauthn`. */
  readonly inAutofill?: true;
};

/** Draws the form. */
export function passkeyForm(frame: Frame, options: PasskeyForm): Html {
  return form(frame, {
    action: options.action,
    errors: options.errors,
    button: options.button,
    tone: options.tone,
    secondary: options.secondary,
    body: html`${options.body}${said()}${withoutScript(frame)}${field(frame, options)}${scriptTag('passkeys.js')}`,
  });
}

/** What the form sent. Throws invalid when there is no answer in it: there was no script to ask for one. */
export function passkeySent({ form }: Visit): { readonly token: string; readonly response: string } {
  const [token, response] = [form.text('token'), form.text('response')];
  if (response === '') throw invalid({ form: 'passkey-needs-script' });
  return { token, response };
}

/** The same as the response to a factor. */
export function passkeyFactorSent(visit: Visit, purpose: 'second-factor' | 'step-up'): string {
  const { token, response } = passkeySent(visit);
  return passkeyResponse(purpose, token, response);
}

/** Says of a passkey what the step says of a code. */
export async function inPasskeyWords<T>(step: Promise<T>): Promise<T> {
  return step.catch((error: unknown) => {
    if (error instanceof Problem && error.fields['code'] === 'code-wrong') throw invalid({ form: 'passkey-refused' });
    throw error;
  });
}

/** What an authenticator shows of a person: what they sign in with, and their name. */
export async function shownNameOf(ctx: Context, { kind, id }: FactorHolder): Promise<ShownName> {
  if (kind === 'user') {
    const user = await userOf(ctx, id);
    return { name: user.email, displayName: nameOf(user) };
  }
  const staff = await administratorOf(ctx, id);
  return { name: staff.username, displayName: nameOf(staff) };
}

/** What a passkey is called where nobody says: after the browser that it was made in. */
export async function defaultNameOf({ userAgent, frame: { t } }: Visit): Promise<string> {
  const { browser, system } = await browserName(userAgent);
  if (browser !== undefined && system !== undefined) return t('passkeys.name.browser-on', { browser, system });
  return browser ?? system ?? t('passkeys.name.unknown');
}

function field({ t }: Frame, { asks, ceremony, inAutofill }: PasskeyForm): Html {
  const drawn = attributes({
    type: 'hidden',
    name: 'response',
    'data-passkey': asks,
    'data-options': JSON.stringify(ceremony.options),
    'data-conditional': inAutofill,
    'data-cancelled': t('passkeys.fault.cancelled'),
    'data-known': t('passkeys.fault.known'),
    'data-address': t('passkeys.fault.address'),
    'data-unsupported': t('passkeys.fault.unsupported'),
    'data-failed': t('passkeys.fault.failed'),
  });
  return html`${hiddenField('token', ceremony.token)}<input${drawn}>`;
}

/** Where the script says what went wrong. */
function said(): Html {
  return html`<div role="alert"><div hidden data-passkey-said>${remark({ tone: 'warning', body: html`<span data-words></span>` })}</div></div>`;
}

function withoutScript({ t }: Frame): Html {
  return html`<noscript>${remark({ tone: 'info', body: t('passkeys.no-script') })}</noscript>`;
}
