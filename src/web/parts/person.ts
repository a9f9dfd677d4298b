// People and companies by name: what to call them, and their initials.

import { type Html, html } from '#kit/html.ts';
import type { FrameAccount } from './frame.ts';

/** The initials of a name in a disc; only for the eye, so it always stands beside the name. */
export function avatar(name: string): Html {
  return html`<span class="dw-avatar" aria-hidden="true">${initials(name)}</span>`;
}

/** At most two initials, by whole characters (an emoji or a letter with its accent stays in one piece). */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word = '') => firstCharacter(word).toLocaleUpperCase()).join('');
}

/** What to call a client: its company, else the person. */
export function accountName(account: Pick<FrameAccount, 'name' | 'company'>): string {
  return account.company || account.name;
}

function firstCharacter(word: string): string {
  if (/^[!-~](?:[!-~]|$)/.test(word)) return word.charAt(0); // most names: the segmenter takes as long as the whole menu
  for (const { segment } of segmenter.segment(word)) return segment;
  return '';
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
