// Buttons and links that look like buttons. A page has one primary.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';
import { type IconName, icon } from './icon.ts';

/** `primary` for the page's one act, `danger` for what takes away, `plain` for the rest, `quiet` for a link's weight. */
export type ButtonTone = 'primary' | 'danger' | 'plain' | 'quiet';

/** What a button says and how; `about` is read by screen readers after the word: "Remove" + "Ben Ode". */
export type ButtonOptions = {
  readonly text: string;
  readonly tone?: ButtonTone | undefined;
  readonly icon?: IconName | undefined;
  readonly about?: string | undefined;
  readonly small?: boolean | undefined;
};

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function linkButton(options: ButtonOptions & { readonly href: string }): Html {
  return html`<a class="${buttonClass(options)}" href="${options.href}">${buttonBody(options)}</a>`;
}

/** A form of one button: it does something at once, such as ending a session. `fields` are its hidden values. */
export function postButton(
  frame: Frame,
  options: ButtonOptions & {
    readonly action?: string | undefined;
    readonly fields?: Readonly<Record<string, string | number>> | undefined;
  },
): Html {
  if (isClosedToPosts(frame, options.action)) return html``;
  const action = options.action === undefined ? undefined : html` action="${options.action}"`;
  const fields = Object.entries(options.fields ?? {});
  return html`<form class="dw-post" method="post"${action}>${csrfField(frame)}${fields.map(([name, value]) => hiddenField(name, value))}<button type="submit" class="${buttonClass(options)}">${buttonBody(options)}</button></form>`;
}

/** Staff who only look on a page are drawn nothing that would be refused; their way out stays. */
export function isClosedToPosts({ acting, path }: Frame, action = path): boolean {
  return acting !== undefined && !acting.mayPost && action !== ACTING_OUT;
}

/** Where staff leave the place of a user. */
export const ACTING_OUT = '/acting/leaving';

/** The hidden field that proves the form came from our page. */
export function csrfField(frame: Frame): Html {
  return hiddenField('csrf', frame.csrf);
}

/** A value the person does not see. Never a secret, never something to trust. */
export function hiddenField(name: string, value: string | number): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** Several buttons or links side by side, wrapping where there is no room. */
export function buttonRow(...buttons: readonly (Html | undefined)[]): Html {
  return html`<div class="dw-buttons">${buttons}</div>`;
}

/** The class names of a button, for parts that draw their own. */
export function buttonClass(options: Pick<ButtonOptions, 'tone' | 'small'>): string {
  const tone = { primary: 'btn-primary', danger: 'btn-danger', plain: 'dw-btn-plain', quiet: 'dw-btn-quiet' };
  return `btn ${tone[options.tone ?? 'plain']}${options.small ? ' btn-sm' : ''}`;
}

function buttonBody(options: ButtonOptions): Html {
  const about = options.about && html`<span class="visually-hidden"> ${options.about}</span>`;
  return html`${options.icon && icon(options.icon)}${options.text}${about}`;
}
