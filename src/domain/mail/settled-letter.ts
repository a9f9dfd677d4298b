// What becomes of a letter between whoever writes it and the outbox: the words that staff gave its kind are put in the place
// of the shipped ones, its link is masked for the history, and it is found out who gets copies.

import { inWordsOf } from '#domain/mail/edited-text.ts';
import type { TemplateRow, TextRow } from '#domain/mail/email-templates.table.ts';
import { findTemplateRow, findTextRow, noteFault } from '#domain/mail/email-templates.table.ts';
import type { Letter } from '#domain/mail/letter.ts';
import { masked } from '#domain/mail/letter.ts';
import { TextFault } from '#domain/mail/liquid.ts';
import { addressLines, mailCopies } from '#domain/mail/mail.settings.ts';
import { commonValues } from '#domain/mail/merge-fields.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';

/** A letter as it leaves, as it is kept, and what is known of its kind. */
export type SettledLetter = {
  readonly live: Letter;
  readonly kept: Letter;
  readonly copies: readonly string[];
  readonly isOff: boolean;
};

/** Settles a letter. Never throws for what staff wrote: then the shipped text holds, and the fault is noted for them. */
export async function settledLetter(tx: Context, given: Letter): Promise<SettledLetter> {
  const letter = given.writtenIn?.(await languageFor(tx, undefined)) ?? given;
  const template = letter.template && (await findTemplateRow(tx, { kind: letter.template.kind }));
  const text = template && (await findTextRow(tx, template.id, letter.language));
  const words = text && (await inEditedWords(tx, letter, text));
  return {
    live: words?.live ?? letter,
    kept: words?.kept ?? masked(letter),
    copies: await copiesOf(tx, letter, template),
    isOff: template !== undefined && template.disabled_at !== null && mayBeOff(tx, template.kind),
  };
}

async function inEditedWords(
  tx: Context,
  letter: Letter,
  text: TextRow,
): Promise<Pick<SettledLetter, 'live' | 'kept'> | undefined> {
  const values = { ...(await commonValues(tx, letter.language)), ...letter.template?.values };
  const link = tx.letterTemplates.get(letter.template?.kind ?? '')?.link ?? 'none';
  try {
    const live = await inWordsOf(text, letter, { values, link, strict: true });
    // Filled in anew with the mask in place of the link: whatever a text does with the link, it never had it here.
    const kept = await inWordsOf(text, masked(letter), {
      values,
      link: link === 'none' ? link : 'offered',
      strict: true,
    });
    return { live, kept };
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    tx.log.warn(
      { kind: letter.template?.kind, language: text.language, fault: error.message },
      'an edited letter could not be used: the shipped text goes out',
    );
    if (text.fault === null) await noteFault(tx, text, error.message);
    return undefined;
  }
}

/** What was switched off while it might be stays on once it may not any more. */
function mayBeOff(tx: Context, kind: string): boolean {
  return tx.letterTemplates.get(kind)?.mayBeOff ?? false;
}

async function copiesOf(tx: Context, letter: Letter, template: TemplateRow | undefined): Promise<string[]> {
  const ofAll = letter.administratorId === undefined ? await settingOf(tx, mailCopies) : [];
  const read = addressLines().read(template?.copies ?? '');
  const ofKind = 'value' in read ? read.value : [];
  const all = new Set([...ofAll, ...ofKind, ...(letter.copies ?? [])]);
  all.delete(letter.to.address);
  return [...all];
}
