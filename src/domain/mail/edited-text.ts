// Filling in a text that staff wrote, and putting it in the place of the shipped one. Whatever is wrong with it, the shipped
// text goes out: no letter is lost.

import type { Letter } from '#domain/mail/letter.ts';
import type { Block, Inline } from '#domain/mail/letter-content.ts';
import { contentText } from '#domain/mail/letter-content.ts';
import { readMarkup } from '#domain/mail/letter-markup.ts';
import type { LetterTemplate, TemplateSource } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { filledIn, TextFault } from '#domain/mail/liquid.ts';
import { randomToken } from '#kit/secret.ts';
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
  const { blocks, small } = await bodyWith(source, filling, button?.url ?? '');
  if (blocks.length === 0) throw new TextFault('the letter is empty');
  if (filling.link === 'needed' && !(button && holdsLink(blocks, button.url)))
    throw new TextFault('the letter does not hold its link');
  if (button && filling.link !== 'none') await requireLinkWhole(source, filling, button.url, { blocks, small });
  return { subject, blocks, small };
}

type Body = Omit<FilledText, 'subject'>;

async function bodyWith(source: TemplateSource, filling: FillingIn, url: string): Promise<Body> {
  const { values, button, strict } = filling;
  // A letter that happens to have no link, of a kind that offers one, has nothing in its place.
  const label = filling.link === 'none' ? undefined : (button?.label ?? '');
  const link = filling.link === 'none' ? {} : { link: url };
  const more = { values: { ...values, ...link }, as: 'markup', strict } as const;
  return {
    blocks: readMarkup(await filledIn(source.body, { ...more, button: label })),
    small: readMarkup(await filledIn(source.small, { ...more, button: undefined })),
  };
}

/**
 * Whoever edits letters must not come by the link of somebody's: by an address of theirs that takes it along, or spelled out
 * where no mask finds it in copies and in the history. Filled in with a link that nobody can guess, the letter has to come
 * out the same but for the link itself, standing by itself.
 */
async function requireLinkWhole(source: TemplateSource, filling: FillingIn, url: string, body: Body): Promise<void> {
  const other = url.slice(0, url.lastIndexOf('/') + 1) + randomToken();
  if (withoutLink(await bodyWith(source, filling, other), other) !== withoutLink(body, url))
    throw new TextFault('the link can only be put in as a whole, with a space before it or as the address of a link');
}

function withoutLink({ blocks, small }: Body, url: string): string {
  const words = [blocks, small].map((some) => wordsWithout(contentText(some, url), url));
  const addresses = [...blocks, ...small].flatMap(linesOf).flatMap(addressesIn);
  return JSON.stringify([words, addresses.map((address) => (address === url ? '' : address))]);
}

/** Words around it are not taken for a longer address by mail programs unless what stands before it looks like one. */
function wordsWithout(text: string, url: string): string {
  return text
    .split(/(\s)/)
    .map((word) => {
      const at = word.indexOf(url);
      return at === -1 || /[./@]/.test(word.slice(0, at)) ? word : word.replaceAll(url, '');
    })
    .join('');
}

function linesOf(block: Block): readonly (readonly Inline[])[] {
  switch (block.is) {
    case 'paragraph':
    case 'heading':
    case 'quote':
      return [block.inside];
    case 'list':
      return block.items;
    case 'table':
      return block.rows.flat();
    case 'button':
    case 'rule':
      return [];
  }
}

function addressesIn(pieces: readonly Inline[]): string[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string' || piece.is === 'break') return [];
    return [...(piece.is === 'link' ? [piece.href] : []), ...addressesIn(piece.inside)];
  });
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
  return block.is === 'button' || linesOf(block).some((line) => lineHoldsLink(line, url));
}

function lineHoldsLink(pieces: readonly Inline[], url: string): boolean {
  return pieces.some((piece) => {
    if (typeof piece === 'string') return piece.includes(url);
    if (piece.is === 'break') return false;
    return (piece.is === 'link' && piece.href === url) || lineHoldsLink(piece.inside, url);
  });
}
