// Telling staff that people of an account changed its details, where the operator wants that (behaviours.md 1.7).

import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { tellDetailChanges } from '#domain/clients/clients.settings.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { detailsChangedLetter } from '#domain/fields/details-changed.mail.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { listedWords } from '#kit/listed-words.ts';
import type { Context } from '#src/context.ts';
import { isKey, translator } from '#src/locales/words.ts';

/** Queues a letter to everybody of staff whose role gets letters about accounts. It says which fields, not what is in them. */
export async function tellStaff(
  tx: Context,
  actor: Actor,
  clientId: number,
  changed: readonly string[],
): Promise<void> {
  if (changed.length === 0 || !(await settingOf(tx, tellDetailChanges))) return;
  const client = await clientOf(tx, clientId);
  const common = {
    company: await settingOf(tx, companyName),
    client: { id: clientId, name: displayName(client) },
    by: actor.name,
    url: await publicLink(tx, `/admin/clients/${clientId}`),
    expiresAt: tx.now() + days(7),
  };
  const staff = (await listAdministrators(tx, false)).filter((one) => one.role.mailKinds.includes('account'));
  for (const one of staff) {
    const { code } = await languageFor(tx, one.language);
    await queueLetter(
      tx,
      detailsChangedLetter({
        ...common,
        to: { address: one.email, name: nameOf(one), language: code },
        changed: inWords(changed, code),
        administratorId: one.id,
      }),
    );
  }
}

function inWords(changed: readonly string[], code: string): string {
  const t = translator(code);
  const words = changed.map((name) => {
    const key = `client.field.${name}`;
    return isKey(key) ? t(key) : name; // a custom field is called by its own name
  });
  return listedWords(code, words);
}
