// The one page for every link of an invitation that opens nothing: unknown, spent, taken back, too old. It says what to do,
// and not which of them it was.

import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Frame } from '#web/parts/frame.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** Draws it. */
export function invitationOver(frame: Frame): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('access.over.title'),
    body: refusal(frame, {
      what: t('access.over.what'),
      why: t('access.over.why'),
      next: linkButton({ href: '/', text: t('access.over.next') }),
    }),
    wayOut: html`<p>${t('access.over.ask')}</p>`,
  });
}
