// Tells a person that one of their passkeys may have been copied: at most once a day for each.

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { passkeyCopied } from '#domain/credentials/passkeys.events.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse } from '#domain/guard/limits.ts';
import { copiedPasskeyLetter } from '#domain/login/copied-passkey.mail.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

const LETTERS: Limit = { name: 'passkey-copied-letter', most: 1, withinMs: days(1) };

/** Writes the letter. */
export const onPasskeyCopied: Subscriber<Context> = subscriber(
  passkeyCopied,
  async (tx: Context, { holder, passkeyId, name }) => {
    if ((await countUse(tx, LETTERS, String(passkeyId))) > LETTERS.most) return;
    const person = await personOf(tx, holder);
    await queueLetter(
      tx,
      copiedPasskeyLetter({
        to: { address: person.email, name: nameOf(person), language: person.language },
        company: await settingOf(tx, companyName),
        passkey: name,
        expiresAt: tx.now() + days(7),
        ...ofHolder(holder),
      }),
    );
  },
);

async function personOf(tx: Context, { kind, id }: FactorHolder) {
  return kind === 'user' ? userOf(tx, id) : administratorOf(tx, id);
}
