// How a user's sign-in is protected, as two small marks: a shield for a second factor, a question mark for a security
// question. Each says in words what it shows, and only what is set is seen.

import type { CredentialMarks } from '#domain/credentials/factors.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Frame } from '#web/parts/frame.ts';
import type { IconName } from '#web/parts/icon.ts';
import { icon } from '#web/parts/icon.ts';

/** The two marks of a user. */
export function credentialMarksOf(frame: Frame, marks: CredentialMarks | undefined): Html {
  const { t } = frame;
  const factor = marks?.secondFactor ?? false;
  const question = marks?.securityQuestion ?? false;
  return html`<span class="dw-marks">${mark('shield', factor, factor ? t('people.marks.factor.on') : t('people.marks.factor.off'))}${mark('help', question, question ? t('people.marks.question.on') : t('people.marks.question.off'))}</span>`;
}

function mark(picture: IconName, set: boolean, words: string): Html {
  return html`<span class="dw-mark${set && ' dw-mark-set'}" title="${words}">${icon(picture)}<span class="visually-hidden">${words}.</span></span>`;
}
