// The ways out of a page that asks again who this is by one second factor: the others that this person has, and leaving it.

import type { Factor } from '#domain/credentials/factor.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { factorWord } from '#web/factor-parts.ts';
import { withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import type { Frame } from '#web/parts/frame.ts';

/** Draws them. `here`: the name of the factor that the page itself asks for; `code` for the one of typed codes. */
export function confirmWaysOut(
  frame: Frame,
  side: OwnSide,
  factors: readonly Factor[],
  here: string,
  goto: string,
): Html {
  const { t } = frame;
  const typed = (by: string): string => `${side.confirmIdentity}?${new URLSearchParams({ by, ...(goto && { goto }) })}`;
  const elsewhere = factors.filter(({ asks, name }) => asks !== 'code' && name !== here);
  const code = here !== 'code' && factors.some(({ asks, isSpare }) => asks === 'code' && !isSpare);
  const spare = factors.find(({ isSpare, name }) => isSpare && name !== here);
  return html`${elsewhere.map((factor) =>
    line(
      withGoto(`${side.confirmIdentity}/${factor.name}`, goto),
      t('factors.other', { factor: factorWord(frame, factor) }),
    ),
  )}${code && line(typed('code'), t('factors.other.code'))}${spare && line(typed(spare.name), t('factors.other.backup'))}${line(side.door.goOn(''), t('factors.confirm.leave'))}`;
}

function line(href: string, text: string): Html {
  return html`<p><a href="${href}">${text}</a></p>`;
}
