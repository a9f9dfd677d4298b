// What a letter is, and how it looks: one column, one button, the link also as text, and plain text just as good.

import type { Block, Inline, LetterContent } from '#domain/mail/letter-content.ts';
import { contentText, plainContent } from '#domain/mail/letter-content.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import type { Html } from '#kit/html.ts';
import { html, htmlText } from '#kit/html.ts';
import type { Language } from '#src/locales/words.ts';

/** A letter before it is put in the outbox. Texts are plain; the button's address may be a secret and is masked in history. */
export type Letter = {
  /** A stable name such as `set-password`. */
  readonly kind: string;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly to: { readonly address: string; readonly name: string };
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly button?: { readonly label: string; readonly url: string; readonly orCopy: string };
  /** Why you got this, and what to do if it was not you. */
  readonly small: readonly string[];
  readonly userId?: number;
  readonly clientId?: number;
  readonly administratorId?: number;
  /** After this instant the letter is of no use and is not sent. */
  readonly expiresAt: number;
  /** Whose text staff may have edited, and what to fill it in with; then that one goes out instead of the one above. */
  readonly template?: { readonly kind: string; readonly values: MergeValues };
  /** Writes it in another language; for somebody who chose none, and so gets the operator's. */
  readonly writtenIn?: (language: Language) => Letter;
  /** What stands in it, where that is more than plain paragraphs; then it holds instead of them. */
  readonly content?: LetterContent;
  /** It looks as one to customers, although it goes to staff: an example. */
  readonly asToCustomers?: true;
  /** Addresses that get a copy, without any link that opens something, and without the recipient seeing it. */
  readonly copies?: readonly string[];
  /** For letters that need consent: the way to take it back, in the letter and in its head (RFC 8058). */
  readonly unsubscribe?: { readonly label: string; readonly url: string };
};

/** The brand at the head, the closing, and what the operator puts above and below every letter to customers. */
export type Stationery = {
  readonly companyName: string;
  readonly signature: string;
  readonly header?: readonly Block[];
  readonly footer?: readonly Block[];
};

/** What stands in the history for a link that may still open something. */
export const MASKED = '••••••••';

/** The letter with every secret taken out: what the history keeps. */
export function masked(letter: Letter): Letter {
  const { unsubscribe: _, ...rest } = letter; // opens somebody's choice, so it is none of the history's either
  return rest.button ? { ...rest, button: { ...rest.button, url: MASKED } } : rest;
}

/** What stands in a letter. */
export function contentOf(letter: Letter): LetterContent {
  return (
    letter.content ?? plainContent({ paragraphs: letter.paragraphs, button: letter.button?.label, small: letter.small })
  );
}

/** The plain text part. */
export function letterText(letter: Letter, stationery: Stationery): string {
  const { blocks, small } = contentOf(letter);
  const url = letter.button?.url ?? '';
  const parts = [
    contentText(stationery.header ?? [], url),
    contentText(blocks, url),
    stationery.signature || stationery.companyName,
    contentText(stationery.footer ?? [], url),
    '--',
    contentText(small, url),
    letter.unsubscribe ? `${letter.unsubscribe.label}: ${letter.unsubscribe.url}` : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The HTML part. Styles stand in the letter itself, since mail programs read nothing else. */
export function letterHtml(letter: Letter, stationery: Stationery): string {
  const { blocks, small } = contentOf(letter);
  const draw = (block: Block): Html => blockHtml(block, letter);
  const page = html`<!doctype html>
<html lang="${letter.language}" dir="${letter.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${letter.subject}</title></head>
<body style="margin:0;padding:24px 12px;background:#f3f6f6;color:#1c2b2d;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div role="article" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #d9e2e2;border-radius:8px;padding:32px">
<p style="margin:0 0 24px;font-weight:600;font-size:18px">${stationery.companyName}</p>
${stationery.header?.map(draw)}${blocks.map(draw)}
<p style="margin:24px 0 0;white-space:pre-line">${stationery.signature || stationery.companyName}</p>
${stationery.footer && stationery.footer.length > 0 && html`<div style="margin:24px 0 0;padding-top:16px;border-top:1px solid #d9e2e2;font-size:14px">${stationery.footer.map(draw)}</div>`}</div>
<div style="max-width:560px;margin:16px auto 0;font-size:13px;color:#56686b">${small.map((one) => smallHtml(one, letter))}${letter.unsubscribe && html`<p style="margin:0 0 8px"><a href="${letter.unsubscribe.url}" style="color:#56686b">${letter.unsubscribe.label}</a></p>`}</div>
</body></html>`;
  return htmlText(page);
}

function blockHtml(block: Block, letter: Letter): Html {
  switch (block.is) {
    case 'paragraph':
      return html`<p style="margin:0 0 16px">${lineHtml(block.inside)}</p>`;
    case 'heading':
      return html`<h2 style="margin:24px 0 8px;font-size:18px">${lineHtml(block.inside)}</h2>`;
    case 'quote':
      return html`<blockquote style="margin:0 0 16px;padding:0 16px;border-inline-start:3px solid #d9e2e2">${lineHtml(block.inside)}</blockquote>`;
    case 'list': {
      const items = block.items.map((item) => html`<li style="margin:0 0 4px">${lineHtml(item)}</li>`);
      return block.ordered
        ? html`<ol style="margin:0 0 16px;padding-inline-start:24px">${items}</ol>`
        : html`<ul style="margin:0 0 16px;padding-inline-start:24px">${items}</ul>`;
    }
    case 'table':
      return html`<table style="margin:0 0 16px;border-collapse:collapse;width:100%">${block.rows.map(
        (row) =>
          html`<tr>${row.map((cell) => html`<td style="padding:6px 8px;border-bottom:1px solid #d9e2e2;text-align:start;vertical-align:top">${lineHtml(cell)}</td>`)}</tr>`,
      )}</table>`;
    case 'rule':
      return html`<hr style="margin:24px 0;border:0;border-top:1px solid #d9e2e2">`;
    case 'button':
      return letter.button ? buttonHtml({ ...letter.button, label: block.label }) : html``;
  }
}

function smallHtml(block: Block, letter: Letter): Html {
  return block.is === 'paragraph'
    ? html`<p style="margin:0 0 8px">${lineHtml(block.inside)}</p>`
    : blockHtml(block, letter);
}

function lineHtml(pieces: readonly Inline[]): Html {
  return html`${pieces.map(pieceHtml)}`;
}

function pieceHtml(piece: Inline): Html {
  if (typeof piece === 'string') return html`${piece}`;
  switch (piece.is) {
    case 'break':
      return html`<br>`;
    case 'strong':
      return html`<strong>${lineHtml(piece.inside)}</strong>`;
    case 'emphasis':
      return html`<em>${lineHtml(piece.inside)}</em>`;
    case 'link':
      return html`<a href="${piece.href}" style="color:#0b6b6b">${lineHtml(piece.inside)}</a>`;
  }
}

function buttonHtml(button: NonNullable<Letter['button']>): Html {
  const live = button.url !== MASKED;
  return html`<p style="margin:24px 0"><a ${live ? html`href="${button.url}"` : ''} style="display:inline-block;background:#0b6b6b;color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600">${button.label}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#56686b;overflow-wrap:anywhere">${button.orCopy} ${button.url}</p>`;
}
