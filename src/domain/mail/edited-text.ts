// Filling in a text that staff wrote, and putting it in the place of the shipped one. Whatever is wrong with it, the shipped
// text goes out: no letter is lost.

import type { Letter } from '#domain/mail/letter.ts';
import type { Block, Inline } from '#domain/mail/letter-content.ts';
import { readMarkup } from '#domain/mail/letter-markup.ts';
import type { LetterTemplate, TemplateSource } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { filledIn, TextFault } from '#domain/mail/liquid.ts';
import { oneLine } from '#kit/text.ts';

/** What a text is filled in with. */
export type FillingIn = {
  readonly values: MergeValues;
  /** The one link of the letter, the field `link`, with the words of its button. */
  readonly button: { readonly label: string; readonly url: string } | undefined;
  /** Whether letters of the kind have a link at all, and whether they are for it. */
  readonly link: LetterTemplate['link'];
  /** Whether a field that is not there is a fault. */
  readonly strict: boolean;
};

/** What came out. */
export type FilledText = {
  readonly subject: string;
  readonly blocks: readonly Block[];
  readonly small: readonly Block[];
};

/** The longest subject of a letter. */
const LONGEST_SUBJECT = 300;

/** Fills in a text. Throws TextFault. */
export async function fillIn(source: TemplateSource, filling: FillingIn): Promise<FilledText> {
  const { values, button, strict } = filling;
  // The subject stands in the open in every list: the link is no part of what can be put there.
  const subject = oneLine(await filledIn(source.subject, { values, as: 'line', strict })).slice(0, LONGEST_SUBJECT);
  if (subject === '') throw new TextFault('the subject is empty');
  // A letter that happens to have no link, of a kind that offers one, has nothing in its place.
  const label = filling.link === 'none' ? undefined : (button?.label ?? '');
  const link = filling.link === 'none' ? {} : { link: button?.url ?? '' };
  const more = { values: { ...values, ...link }, as: 'markup', strict } as const;
  const blocks = readMarkup(await filledIn(source.body, { ...more, button: label }));
  if (blocks.length === 0) throw new TextFault('the letter is empty');
  if (filling.link === 'needed' && !(button && holdsLink(blocks, button.url)))
    throw new TextFault('the letter does not hold its link');
  return { subject, blocks, small: readMarkup(await filledIn(source.small, { ...more, button: undefined })) };
}

/** The letter in the words of an edited text. Throws TextFault. */
export async function inWordsOf(
  source: TemplateSource,
  letter: Letter,
  filling: Omit<FillingIn, 'button'>,
): Promise<Letter> {
  const { subject, blocks, small } = await fillIn(source, { ...filling, button: letter.button });
  return { ...letter, subject, content: { blocks, small } };
}

/** Whether somebody who reads the letter finds its link. */
function holdsLink(blocks: readonly Block[], url: string): boolean {
  return blocks.some((block) => blockHoldsLink(block, url));
}

function blockHoldsLink(block: Block, url: string): boolean {
  switch (block.is) {
    case 'button':
      return true;
    case 'paragraph':
    case 'heading':
    case 'quote':
      return lineHoldsLink(block.inside, url);
    case 'list':
      return block.items.some((item) => lineHoldsLink(item, url));
    case 'table':
      return block.rows.some((row) => row.some((cell) => lineHoldsLink(cell, url)));
    case 'rule':
      return false;
  }
}

function lineHoldsLink(pieces: readonly Inline[], url: string): boolean {
  return pieces.some((piece) => {
    if (typeof piece === 'string') return piece.includes(url);
    if (piece.is === 'break') return false;
    return (piece.is === 'link' && piece.href === url) || lineHoldsLink(piece.inside, url);
  });
}
