// Cards: a thing, or a group of things, with a hairline around.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import { icon } from './icon.ts';

/** A card. `body` is padded; `flush` reaches the edges (a table, a list). `actions` stand at the end of its head. */
export function card(options: {
  readonly title?: string | undefined;
  readonly intro?: string | Html | undefined;
  readonly body?: Html | undefined;
  readonly flush?: Html | undefined;
  readonly footer?: Html | undefined;
  readonly actions?: Html | undefined;
  /** An anchor for links. */
  readonly id?: string | undefined;
  /** `danger` sets apart what takes away. */
  readonly tone?: 'danger' | undefined;
}): Html {
  const drawn = attributes({ class: `card dw-card${options.tone ? ' dw-card-danger' : ''}`, id: options.id });
  const actions = options.actions && html`<div class="dw-card-actions">${options.actions}</div>`;
  const intro = options.intro && html`<p class="dw-card-intro">${options.intro}</p>`;
  const head =
    options.title &&
    html`<div class="card-header"><div class="dw-card-head"><h2 class="card-title">${options.title}</h2>${intro}</div>${actions}</div>`;
  const body = options.body && html`<div class="card-body">${options.body}</div>`;
  const footer = options.footer && html`<div class="card-footer">${options.footer}</div>`;
  return html`<section${drawn}>${head}${body}${options.flush}${footer}</section>`;
}

/** Cards beside each other where there is room, at least 18 rem wide each. */
export function cardGrid(...cards: readonly (Html | undefined)[]): Html {
  return html`<div class="dw-grid">${cards}</div>`;
}

/** Cards one below the other. */
export function stack(...parts: readonly (Html | undefined | false)[]): Html {
  return html`<div class="dw-stack">${parts}</div>`;
}

/** One line of a list of links: where it goes, its name, and what to know before going. */
export type LinkLine = {
  readonly href: string;
  readonly title: string;
  readonly text?: string | Html | undefined;
  /** A badge or status at the end of the line. */
  readonly mark?: Html | undefined;
};

/** A list of places to go: accounts to choose from, ways to sign in, things that need doing. Sits in a card's `flush`. */
export function linkList(lines: readonly LinkLine[]): Html {
  return html`<ul class="dw-links">${lines.map(linkLine)}</ul>`;
}

/** A number with its word: "1,204 clients". With `href`, a link to the list. */
export function figure(options: {
  readonly value: string;
  readonly label: string;
  readonly href?: string | undefined;
}): Html {
  const body = html`<span class="dw-figure-value">${options.value}</span><span class="dw-figure-label">${options.label}</span>`;
  return options.href === undefined
    ? html`<div class="card dw-figure">${body}</div>`
    : html`<a class="card dw-figure" href="${options.href}">${body}</a>`;
}

function linkLine(line: LinkLine): Html {
  const text = line.text && html`<span class="dw-link-text">${line.text}</span>`;
  const mark = line.mark && html`<span class="dw-link-mark">${line.mark}</span>`;
  return html`<li><a href="${line.href}"><span class="dw-link-line"><span class="dw-link-body"><span class="dw-link-title">${line.title}</span>${text}</span>${mark}</span>${icon('chevron-right', { turns: true })}</a></li>`;
}
