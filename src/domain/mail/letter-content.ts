// What stands in a letter, as a tree: the HTML part, the plain text and the pictures on our pages are all drawn from it. There
// is no place in it for markup of anybody's own, so whatever was written, nothing but this can come out.

/** A piece of a line. The address of a link is one that `safeAddress` let through. */
export type Inline =
  | string
  | { readonly is: 'break' }
  | { readonly is: 'strong' | 'emphasis'; readonly inside: readonly Inline[] }
  | { readonly is: 'link'; readonly href: string; readonly inside: readonly Inline[] };

/** A block of a letter. `button`: where the letter's one link stands as a button. */
export type Block =
  | { readonly is: 'paragraph' | 'heading' | 'quote'; readonly inside: readonly Inline[] }
  | { readonly is: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly is: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly is: 'rule' }
  | { readonly is: 'button'; readonly label: string };

/** All of it: the letter, and the small print below. */
export type LetterContent = { readonly blocks: readonly Block[]; readonly small: readonly Block[] };

/** The content of a letter whose texts are plain. */
export function plainContent(texts: {
  readonly paragraphs: readonly string[];
  readonly button?: string | undefined;
  readonly small: readonly string[];
}): LetterContent {
  const button: Block[] = texts.button === undefined ? [] : [{ is: 'button', label: texts.button }];
  return {
    blocks: [...texts.paragraphs.map(paragraph), ...button],
    small: texts.small.map(paragraph),
  };
}

/** The address of a link as it may stand in a letter: to the web, to a mailbox, to a telephone; undefined for any other. */
export function safeAddress(text: string): string | undefined {
  const address = text.trim();
  if (address.length > 2000 || !/^(?:https?:\/\/|mailto:|tel:)[^\s"'<>\p{Cc}]+$/iu.test(address)) return undefined;
  return URL.canParse(address) ? address : undefined;
}

/** The blocks as plain text, with an empty line between them. `url`: what the button leads to. */
export function contentText(blocks: readonly Block[], url: string): string {
  return blocks.map((block) => blockText(block, url)).join('\n\n');
}

/** The words of some pieces of a line, with the address behind each link whose words do not say it. */
function inlineText(pieces: readonly Inline[]): string {
  return pieces.map(pieceText).join('');
}

function paragraph(text: string): Block {
  return { is: 'paragraph', inside: [text] };
}

function blockText(block: Block, url: string): string {
  switch (block.is) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.inside);
    case 'quote':
      return inlineText(block.inside).replaceAll(/^/gm, '> ');
    case 'list':
      return block.items
        .map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${inlineText(item).replaceAll('\n', '\n  ')}`)
        .join('\n');
    case 'table':
      return block.rows.map((row) => row.map((cell) => inlineText(cell).replaceAll('\n', ' ')).join(' | ')).join('\n');
    case 'rule':
      return '----';
    case 'button':
      return `${block.label}:\n${url}`;
  }
}

function pieceText(piece: Inline): string {
  if (typeof piece === 'string') return piece;
  switch (piece.is) {
    case 'break':
      return '\n';
    case 'strong':
    case 'emphasis':
      return inlineText(piece.inside);
    case 'link': {
      const words = inlineText(piece.inside);
      const said = words.trim() === '' || piece.href === words || piece.href === `mailto:${words}`;
      return said ? words || piece.href : `${words} (${piece.href})`;
    }
  }
}
