// What a letter is, and how it looks: one column, one button, the link also as text, and plain text just as good.

import type { Html } from '#kit/html.ts';
import { html, htmlText } from '#kit/html.ts';

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
};

/** The brand at the head and the closing under the letter. */
export type Stationery = { readonly companyName: string; readonly signature: string };

/** What stands in the history for a link that may still open something. */
export const MASKED = '••••••••';

/** The letter with every secret taken out: what the history keeps. */
export function masked(letter: Letter): Letter {
  return letter.button ? { ...letter, button: { ...letter.button, url: MASKED } } : letter;
}

/** The plain text part. */
export function letterText(letter: Letter, stationery: Stationery): string {
  const button = letter.button ? [`${letter.button.label}:\n${letter.button.url}`] : [];
  const closing = stationery.signature || stationery.companyName;
  return `${[...letter.paragraphs, ...button, closing, '--', ...letter.small].join('\n\n')}\n`;
}

/** The HTML part. Styles stand in the letter itself, since mail programs read nothing else. */
export function letterHtml(letter: Letter, stationery: Stationery): string {
  const page = html`<!doctype html>
<html lang="${letter.language}" dir="${letter.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${letter.subject}</title></head>
<body style="margin:0;padding:24px 12px;background:#f3f6f6;color:#1c2b2d;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div role="article" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #d9e2e2;border-radius:8px;padding:32px">
<p style="margin:0 0 24px;font-weight:600;font-size:18px">${stationery.companyName}</p>
${letter.paragraphs.map((one) => html`<p style="margin:0 0 16px">${one}</p>`)}
${letter.button ? buttonHtml(letter.button) : ''}
<p style="margin:24px 0 0;white-space:pre-line">${stationery.signature || stationery.companyName}</p>
</div>
<div style="max-width:560px;margin:16px auto 0;font-size:13px;color:#56686b">${letter.small.map((one) => html`<p style="margin:0 0 8px">${one}</p>`)}</div>
</body></html>`;
  return htmlText(page);
}

function buttonHtml(button: NonNullable<Letter['button']>): Html {
  const live = button.url !== MASKED;
  return html`<p style="margin:24px 0"><a ${live ? html`href="${button.url}"` : ''} style="display:inline-block;background:#0b6b6b;color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600">${button.label}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#56686b;overflow-wrap:anywhere">${button.orCopy} ${button.url}</p>`;
}
