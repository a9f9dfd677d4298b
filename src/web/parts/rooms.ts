// The three rooms. A page draws its body and puts it into one of them; the result is the whole document.

import { type Html, html } from '#kit/html.ts';
import { adminBar, adminSide } from './admin-frame.ts';
import { askedBanner } from './asked.ts';
import { brandMark } from './brand.ts';
import { clientTop } from './client-frame.ts';
import { documentOf } from './document.ts';
import type { FieldErrors } from './field-frame.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';
import { pageNotice } from './notice.ts';
import { unprovenBanner } from './unproven.ts';

export type EntranceOptions = {
  /** The h1 and the document's title. */
  readonly title: string;
  readonly intro?: string | Html | undefined;
  readonly body: Html;
  /** The quiet link below the card: "I forgot my password", "Back to sign in". */
  readonly wayOut?: Html | undefined;
  /** The form's errors: they also mark the document's title. */
  readonly errors?: FieldErrors | undefined;
};

export type RoomOptions = {
  /** The document's title, and the h1 unless `heading` says more. */
  readonly title: string;
  /** What stands in the h1 instead: a name with its badge. No block elements. */
  readonly heading?: string | Html | undefined;
  /** A sentence or a line of facts below the h1. */
  readonly intro?: string | Html | undefined;
  /** The list that this page belongs to. */
  readonly back?: { readonly href: string; readonly text: string } | undefined;
  /** Buttons at the end of the heading's line. */
  readonly actions?: Html | undefined;
  /** `tabs(…)` below the heading. */
  readonly tabs?: Html | undefined;
  readonly body: Html;
  readonly errors?: FieldErrors | undefined;
};

export type AdminOptions = RoomOptions & {
  /** As wide as the screen, for long tables. */
  readonly wide?: boolean | undefined;
  /** What was searched for, on the page of results. */
  readonly query?: string | undefined;
};

/** For strangers: one card, one question, one button. */
export function entranceRoom(frame: Frame, options: EntranceOptions): Html {
  const intro = options.intro && html`<p class="dw-intro">${options.intro}</p>`;
  const wayOut = options.wayOut && html`<div class="dw-way-out">${options.wayOut}</div>`;
  const body = html`<div class="dw-entrance"><header class="dw-entrance-brand">${brandMark(frame, { withName: true })}</header><main id="main" tabindex="-1"><div class="card dw-entrance-card"><div class="card-body">${pageNotice(frame)}<h1>${options.title}</h1>${intro}${options.body}</div></div>${wayOut}</main>${languageNav(frame)}</div>`;
  return documentOf(frame, { title: options.title, room: 'entrance', errors: options.errors, body });
}

/** The languages in their own names; a stranger has no profile to choose one in. */
function languageNav(frame: Frame): Html | undefined {
  if (!frame.languages) return undefined;
  const lines = frame.languages.map(({ code, name, href }) =>
    code === frame.language
      ? html`<li><span lang="${code}" aria-current="true">${name}</span></li>`
      : html`<li><a href="${href}" lang="${code}" hreflang="${code}">${name}</a></li>`,
  );
  return html`<nav class="dw-languages" aria-label="${frame.t('common.languages')}"><ul>${lines}</ul></nav>`;
}

/** For the people of a client. */
export function clientRoom(frame: Frame, options: RoomOptions): Html {
  const body = html`${clientTop(frame)}<main id="main" class="dw-main" tabindex="-1">${askedBanner(frame)}${unprovenBanner(frame)}${content(frame, options)}</main>`;
  return documentOf(frame, { title: options.title, room: 'client', errors: options.errors, body });
}

/** For staff. */
export function adminRoom(frame: Frame, options: AdminOptions): Html {
  const body = html`${adminBar(frame, options.query)}<div class="dw-admin">${adminSide(frame)}<main id="main" class="dw-main${options.wide && ' dw-main-wide'}" tabindex="-1">${content(frame, options)}</main></div>`;
  return documentOf(frame, { title: options.title, room: 'admin', errors: options.errors, body });
}

function content(frame: Frame, options: RoomOptions): Html {
  const back =
    options.back &&
    html`<a class="dw-back" href="${options.back.href}">${icon('chevron-left', { turns: true })}<span>${options.back.text}</span></a>`;
  const intro = options.intro && html`<div class="dw-intro">${options.intro}</div>`;
  const actions = options.actions && html`<div class="dw-head-actions">${options.actions}</div>`;
  return html`${pageNotice(frame)}<div class="dw-head">${back}<div class="dw-head-line"><div class="dw-head-title"><h1>${options.heading ?? options.title}</h1>${intro}</div>${actions}</div></div>${options.tabs}${options.body}`;
}
