// Menus that open without script: a `<details>` with a panel of links. The script only closes them again.

import { type Html, html } from '#kit/html.ts';
import { csrfField } from './button.ts';
import type { Frame } from './frame.ts';
import { type IconName, icon } from './icon.ts';

/** A menu. Menus of one `group` close each other. `label` is what the closed menu is called, when its picture is not enough. */
export function menu(options: {
  readonly summary: Html;
  readonly label?: string | undefined;
  readonly panel: Html;
  readonly name?: string | undefined;
  readonly group?: string | undefined;
}): Html {
  const label = options.label && html` aria-label="${options.label}"`;
  return html`<details class="dw-menu${options.name && ` dw-menu-${options.name}`}" data-menu name="${options.group ?? 'menu'}"><summary${label}>${options.summary}</summary><div class="dw-menu-panel">${options.panel}</div></details>`;
}

/** A link of a menu or a side navigation; `current` is the page that is shown, or the one above it. */
export function navLink(
  frame: Frame,
  options: {
    readonly href: string;
    readonly text: string;
    readonly icon?: IconName | undefined;
    readonly current?: boolean | undefined;
  },
): Html {
  const state = options.current && html` aria-current="${frame.path === options.href ? 'page' : 'true'}"`;
  return html`<li><a href="${options.href}"${state}>${options.icon && icon(options.icon)}<span>${options.text}</span></a></li>`;
}

/** Signs out; a form, because it changes something. */
export function signOut(frame: Frame, action: string): Html {
  return html`<form method="post" action="${action}">${csrfField(frame)}<button type="submit" class="dw-menu-button">${icon('logout', { turns: true })}<span>${frame.t('common.menu.signOut')}</span></button></form>`;
}
