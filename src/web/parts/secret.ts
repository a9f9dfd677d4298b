// Secrets that are shown once, to be copied now.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** A secret in a box, with a button to copy it (where there is script). `help` says that it is not shown again. */
export function secretBox(
  frame: Frame,
  options: {
    readonly name: string;
    readonly label: string;
    readonly secret: string;
    readonly help?: string | undefined;
  },
): Html {
  const id = `secret-${options.name}`;
  const help = options.help && html`<p class="form-hint" id="${id}-help">${options.help}</p>`;
  const described = options.help && html` aria-describedby="${id}-help"`;
  return html`<div class="dw-field"><label class="form-label" for="${id}">${options.label}</label><div class="dw-secret"><input class="form-control font-monospace" id="${id}" type="text" readonly value="${options.secret}" autocomplete="off" spellcheck="false" data-select${described}>${copyButton(frame, id, options.label)}</div>${help}</div>`;
}

/** Several codes, such as backup codes, in two columns; copied together. */
export function secretList(
  frame: Frame,
  options: { readonly name: string; readonly label: string; readonly secrets: readonly string[] },
): Html {
  const id = `secret-${options.name}`;
  const lines = options.secrets.map((secret) => html`<li>${secret}</li>`);
  return html`<div class="dw-secrets"><ol id="${id}" class="font-monospace" aria-label="${options.label}">${lines}</ol>${copyButton(frame, id, options.label)}</div>`;
}

/** Text as a machine wants it, such as an address for a configuration file; scrolls inside itself. */
export function codeBox(
  frame: Frame,
  options: { readonly name: string; readonly label: string; readonly code: string },
): Html {
  const id = `code-${options.name}`;
  return html`<div class="dw-codebox"><pre id="${id}" tabindex="0" role="region" aria-label="${options.label}"><code>${options.code}</code></pre>${copyButton(frame, id, options.label)}</div>`;
}

function copyButton(frame: Frame, id: string, label: string): Html {
  return html`<button type="button" class="btn dw-btn-plain" hidden data-copy="${id}" data-done="${frame.t('common.copy.done')}">${icon('copy')}<span data-word>${frame.t('common.copy.do')}</span><span class="visually-hidden"> ${label}</span></button><span class="visually-hidden" role="status" data-copied="${id}"></span>`;
}
