// A letter as it looks, drawn from its content and nothing else: no markup that anybody wrote is ever put into a page.

import type { Stationery } from '#domain/mail/letter.ts';
import type { Block, Inline } from '#domain/mail/letter-content.ts';
import { type Html, html } from '#kit/html.ts';
import type { Language } from '#src/locales/words.ts';

/** What is drawn. `url`: what the button leads to; it is said, and leads nowhere here. */
export type PaperOptions = {
  readonly blocks: readonly Block[];
  readonly small: readonly Block[];
  readonly stationery: Stationery;
  readonly url: string;
  readonly language: Pick<Language, 'code' | 'direction'>;
};

/** Draws it. */
export function letterPaper({ blocks, small, stationery, url, language }: PaperOptions): Html {
  const draw = (block: Block): Html => blockPicture(block, url);
  const closing = lines(stationery.signature || stationery.companyName);
  const footer = stationery.footer?.length
    ? html`<div class="dw-letter-footer">${stationery.footer.map(draw)}</div>`
    : '';
  const below = small.length > 0 && html`<div class="dw-letter-small">${small.map(draw)}</div>`;
  return html`<div class="dw-letter" lang="${language.code}" dir="${language.direction}">${stationery.header?.map(draw)}${blocks.map(draw)}<p>${closing}</p>${footer}${below}</div>`;
}

/** Plain text in its paragraphs and lines. */
export function plainPaper(text: string): Html {
  const paragraphs = text.trim().split(/\n{2,}/);
  return html`<div class="dw-letter" dir="auto">${paragraphs.map((one) => html`<p>${lines(one)}</p>`)}</div>`;
}

function blockPicture(block: Block, url: string): Html {
  switch (block.is) {
    case 'paragraph':
      return html`<p>${linePicture(block.inside)}</p>`;
    case 'heading':
      return html`<p class="fw-bold">${linePicture(block.inside)}</p>`;
    case 'quote':
      return html`<blockquote>${linePicture(block.inside)}</blockquote>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${linePicture(item)}</li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'table':
      return html`<table>${block.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${linePicture(cell)}</td>`)}</tr>`)}</table>`;
    case 'rule':
      return html`<hr>`;
    case 'button':
      return html`<p><span class="dw-letter-button">${block.label}</span></p><p class="small text-secondary">${url}</p>`;
  }
}

function linePicture(pieces: readonly Inline[]): Html {
  return html`${pieces.map(piecePicture)}`;
}

function piecePicture(piece: Inline): Html {
  if (typeof piece === 'string') return html`${piece}`;
  switch (piece.is) {
    case 'break':
      return html`<br>`;
    case 'strong':
      return html`<strong>${linePicture(piece.inside)}</strong>`;
    case 'emphasis':
      return html`<em>${linePicture(piece.inside)}</em>`;
    case 'link':
      return html`<a href="${piece.href}" rel="noopener noreferrer">${linePicture(piece.inside)}</a>`;
  }
}

function lines(text: string): Html {
  return html`${text.split('\n').map((line, at) => html`${at > 0 && html`<br>`}${line}`)}`;
}
