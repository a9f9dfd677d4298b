// The pictures of signing in that more than one page draws.

import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { hiddenField } from '#web/parts/button.ts';
import { emailField, passwordField } from '#web/parts/field.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** The way back in a form, when there is one. */
export function gotoField(goto: string): Html | undefined {
  return goto === '' ? undefined : hiddenField('goto', goto);
}

/** The sign-in page of customers. */
export function signInPicture(
  frame: Frame,
  typed: {
    readonly email: string;
    readonly goto: string;
    readonly errors: FieldErrors | undefined;
    /** What it says when there is more to it than signing in. */
    readonly title?: string;
    readonly intro?: string;
    /** Whether people may open an account by themselves. */
    readonly mayRegister?: boolean;
    /** The button of signing in by a passkey, where one may. */
    readonly passkey?: Html | undefined;
    /** The tick of "remember me", where it is offered (device-parts.ts). */
    readonly remember?: Html | undefined;
    /** The buttons of signing in with others, where there are any (federation.ts). */
    readonly others?: Html | undefined;
  },
): Html {
  const { t } = frame;
  const { email, goto, errors } = typed;
  const register = typed.mayRegister && html`<p><a href="/register">${t('registration.link')}</a></p>`;
  return entranceRoom(frame, {
    title: typed.title ?? t('entrance.login.title'),
    intro: typed.intro,
    errors,
    body: html`${form(frame, {
      action: '/login',
      errors,
      button: t('entrance.login.button'),
      body: html`${gotoField(goto)}${emailField(frame, {
        name: 'email',
        label: t('entrance.login.email'),
        value: email,
        errors,
        required: true,
        autocomplete: typed.passkey ? 'username webauthn' : 'username',
        enterkeyhint: 'next',
        autofocus: email === '',
      })}${passwordField(frame, {
        name: 'password',
        label: t('entrance.login.password'),
        errors,
        required: true,
        autocomplete: 'current-password',
        enterkeyhint: 'go',
        autofocus: email !== '',
      })}${typed.remember}`,
    })}${typed.passkey}${typed.others}`,
    wayOut: html`<p><a href="/password/reset">${t('entrance.login.forgot')}</a></p>${register}`,
  });
}
