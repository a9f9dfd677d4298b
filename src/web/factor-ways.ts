// The ways out of a page that asks for one second factor: the others that this person has, the way back for whoever has none
// of them any more, and the start.

import type { Factor } from '#domain/credentials/factor.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { factorWord } from '#web/factor-parts.ts';
import { withGoto } from '#web/goto.ts';
import type { Frame } from '#web/parts/frame.ts';
import type { Door } from '#web/sign-in.ts';
import { factorPage } from '#web/sign-in.ts';

/** Draws them. `here`: the address of the page itself. Staff who lost theirs ask a colleague or the operator. */
export function factorWaysOut(frame: Frame, door: Door, factors: readonly Factor[], here: string, goto: string): Html {
  const lost =
    door.side === 'user' &&
    html`<p><a href="${withGoto(`${door.login}/recovery`, goto)}">${frame.t(lostKey(door, factors))}</a></p>`;
  return html`${otherFactors(frame, door, factors, here, goto)}${lost}${startAnew(frame, door, goto)}`;
}

/** Whoever is offered just one way to show it has lost that one. */
function lostKey(door: Door, factors: readonly Factor[]): 'recovery.lost' | 'recovery.lost-one' {
  return new Set(factors.map((factor) => factorPage(door, factor))).size > 1 ? 'recovery.lost' : 'recovery.lost-one';
}

/** The way to the start of the sign-in. */
export function startAnew(frame: Frame, door: Door, goto: string): Html {
  return html`<p><a href="${withGoto(door.login, goto)}">${frame.t('entrance.code.again')}</a></p>`;
}

function otherFactors(frame: Frame, door: Door, factors: readonly Factor[], here: string, goto: string): Html {
  const pages = new Map(factors.map((factor) => [factorPage(door, factor), factor] as const));
  pages.delete(here);
  return html`${[...pages].map(
    ([page, factor]) => html`<p><a href="${withGoto(page, goto)}">${otherWord(frame, factor)}</a></p>`,
  )}`;
}

function otherWord(frame: Frame, factor: Factor): string {
  const { t } = frame;
  if (factor.isSpare) return t('factors.other.backup');
  return factor.asks === 'code' ? t('factors.other.code') : t('factors.other', { factor: factorWord(frame, factor) });
}
