// The box by which people agree to marketing letters, wherever it stands.

import type { ConsentQuestion } from '#domain/consent/consent.ts';
import type { Html } from '#kit/html.ts';
import { checkbox } from '#web/parts/choice.ts';
import type { FieldErrors } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';

/** The box with the operator's words, or ours. Draw it only where `question.asked`. */
export function consentBox(
  frame: Frame,
  options: {
    readonly question: ConsentQuestion;
    readonly name: string;
    readonly checked: boolean;
    readonly errors: FieldErrors | undefined;
  },
): Html {
  const { t } = frame;
  return checkbox(frame, {
    name: options.name,
    label: options.question.message || t('contacts.marketing.box'),
    help: t('contacts.marketing.help'),
    checked: options.checked,
    errors: options.errors,
  });
}
