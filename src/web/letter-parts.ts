// What the pages of letters share: their state and kind in words.

import type { KeptLetter } from '#domain/mail/outbox.ts';
import type { Html } from '#kit/html.ts';
import { isKey } from '#src/locales/words.ts';
import type { Visit } from '#web/page.ts';
import { status } from '#web/parts/status.ts';

/** The states of letters, in the order of the list to narrow by. */
export const LETTER_STATES = [
  'waiting',
  'sent',
  'failed',
  'expired',
  'withheld',
] as const satisfies readonly KeptLetter['state'][];

/** The state as a dot and a word. */
export function letterStatus(visit: Visit, { state }: Pick<KeptLetter, 'state'>): Html {
  const word = visit.frame.t(`admin.letters.state.${state}`);
  switch (state) {
    case 'waiting':
      return status('waiting', word);
    case 'sent':
      return status('good', word);
    case 'failed':
      return status('bad', word);
    case 'expired':
    case 'withheld':
      return status('quiet', word);
  }
}

/** The same for the people of the account it is about: what kept it from leaving is not theirs to mend. */
export function ownLetterStatus(visit: Visit, { state }: Pick<KeptLetter, 'state'>): Html {
  const { t } = visit.frame;
  switch (state) {
    case 'waiting':
      return status('waiting', t('templates.emails.state.waiting'));
    case 'sent':
      return status('good', t('templates.emails.state.sent'));
    case 'failed':
    case 'expired':
    case 'withheld':
      return status('quiet', t('templates.emails.state.over'));
  }
}

/** The kind of a letter in words; one that has none is called by its name. */
export function letterKind(visit: Visit, kind: string): string {
  const key = `admin.letters.kind.${kind}`;
  return isKey(key) ? visit.frame.t(key) : (visit.ctx.letterTemplates.get(kind)?.name ?? kind);
}
