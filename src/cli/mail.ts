// doorward mail: the outbox, for an installation without a mail server yet, and for whoever looks for a letter.

import { asOperator } from '#cli/parts/operator.ts';
import { instant, printable, table } from '#cli/parts/text.ts';
import { audit } from '#domain/audit/audit.ts';
import type { KeptLetter } from '#domain/mail/outbox.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { command, group, WrongUsage } from '#kit/command-line.ts';

const STATES = ['waiting', 'sent', 'failed', 'expired', 'withheld'] as const;

const list = command({
  about: 'Lists letters, the newest first.',
  options: {
    state: { value: 'S', about: `only those that are ${STATES.join(', ')}` },
    limit: { value: 'N', about: 'how many at most (50)' },
  },
  run: (given) => {
    const state = stateFrom(given.state);
    const limit = limitFrom(given.limit ?? '50');
    return asOperator(async (ctx) => {
      const letters = await letterHistory(ctx, { state }, { limit });
      return {
        json: letters,
        words: table(['ID', 'STATE', 'WRITTEN', 'TO', 'SUBJECT'], letters.map(rowOf), 'There is no letter.'),
      };
    });
  },
});

const show = command({
  about: 'Shows a letter. While it waits it is shown as it would leave, with its link; afterwards the link is masked.',
  words: { id: { about: 'its number, as `mail list` shows it' } },
  run: ({ id }) => {
    if (!/^\d{1,15}$/.test(id)) throw new WrongUsage('ID: the number of a letter is expected.');
    return asOperator(async (ctx, actor) => {
      const letter = await liveLetterOf(ctx, Number(id));
      // What is shown may sign somebody in: the log tells that it was looked at.
      await audit(ctx, actor, {
        event: 'letter.shown',
        description: `A letter to ${letter.to} was shown on the command line (${letter.kind}, ${letter.state})`,
        userId: letter.userId,
        clientId: letter.clientId,
        details: { letterId: letter.id },
      });
      return { json: letter, words: wordsOf(letter) };
    });
  },
});

export default group('Shows the letters that were written, above all while there is no mail server.', { list, show });

function stateFrom(text: string | undefined): KeptLetter['state'] | undefined {
  const state = STATES.find((one) => one === text);
  if (text !== undefined && state === undefined) throw new WrongUsage(`--state: one of ${STATES.join(', ')}.`);
  return state;
}

function limitFrom(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new WrongUsage('--limit: a number is expected.');
  return Number(text);
}

function rowOf(letter: KeptLetter): string[] {
  return [String(letter.id), letter.state, instant(letter.createdAt), letter.to, letter.subject];
}

function wordsOf(letter: KeptLetter & { readonly text: string }): string {
  const facts = [
    `To:      ${letter.to}`,
    `Subject: ${letter.subject}`,
    `Written: ${instant(letter.createdAt)}`,
    `State:   ${letter.state}${letter.failure === undefined ? '' : ` (${letter.failure})`}`,
  ].map(printable);
  const body = letter.text.split('\n').map(printable);
  return `${[...facts, '', ...body].join('\n')}\n`;
}
