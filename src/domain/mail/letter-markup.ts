// Reading what staff write into letters. It is a text with empty lines between its paragraphs, and the few tags of HTML that
// a letter needs; where it says its paragraphs by tags (<p>, <br>, <div>), line breaks are spaces, as in any HTML. What comes out
// is a tree with no room for anything else: every other tag goes, its words stay, what only programs read goes with its words.

import type { Block, Inline } from '#domain/mail/letter-content.ts';
import { safeAddress } from '#domain/mail/letter-content.ts';

/** The tag that the button of a letter is written as, once its text is settled. */
export const BUTTON_TAG = 'doorward-button';

/** Reads a text. It never fails: what cannot be read as a tag is words. */
export function readMarkup(source: string): Block[] {
  const tokens = tokensOf(source.replaceAll(/\r\n?/g, '\n'));
  const isHtml = tokens.some((token) => typeof token !== 'string' && HTML_TAGS.includes(token.name));
  const writer = new Writer();
  for (const token of tokens) {
    if (typeof token !== 'string') writer.tag(token);
    else if (isHtml) writer.words(token.replaceAll(/[ \t\n]+/g, ' '));
    else writer.lines(token);
  }
  return writer.finish();
}

/** A text as it must be written to come out as these very words; its line breaks stay line breaks. */
export function asMarkup(text: string): string {
  return text.replaceAll(/[&<>"'\n]/g, (sign) => WRITTEN[sign] ?? '');
}

const WRITTEN: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
};

type Tag = { readonly name: string; readonly closes: boolean; readonly attributes: string };

/** Tags that begin or end a block, and what the block becomes. */
const BLOCK_TAGS: Readonly<
  Record<string, 'paragraph' | 'heading' | 'quote' | 'list' | 'item' | 'row' | 'cell' | 'line'>
> = Object.assign(Object.create(null), {
  p: 'paragraph',
  div: 'paragraph',
  section: 'paragraph',
  center: 'paragraph',
  table: 'paragraph',
  tbody: 'paragraph',
  thead: 'paragraph',
  h1: 'heading',
  h2: 'heading',
  h3: 'heading',
  h4: 'heading',
  blockquote: 'quote',
  ul: 'list',
  ol: 'list',
  li: 'item',
  tr: 'row',
  td: 'cell',
  th: 'cell',
  br: 'line',
  hr: 'line',
});

/** Whoever writes one of these says where lines end by tags. */
const HTML_TAGS: readonly string[] = ['p', 'br', 'div', 'section', 'center'];

const INLINE_TAGS: Readonly<Record<string, 'strong' | 'emphasis' | 'link'>> = Object.assign(Object.create(null), {
  b: 'strong',
  strong: 'strong',
  i: 'emphasis',
  em: 'emphasis',
  a: 'link',
});

/** Tags whose words are for programs. */
const UNREAD =
  /^(?:script|style|title|head|iframe|object|embed|applet|noscript|noembed|noframes|template|svg|math|textarea|select|xmp|plaintext|audio|video|frameset)$/;
/** A tag that is longer is none. */
const LONGEST_TAG = 2500;
/** Deeper than this, tags in a line say nothing more. */
const DEEPEST = 12;

function tokensOf(source: string): (string | Tag)[] {
  const tokens: (string | Tag)[] = [];
  let words = '';
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    if (open === -1) break;
    words += source.slice(at, open);
    if (source.startsWith('<!--', open)) {
      const end = source.indexOf('-->', open + 4);
      at = end === -1 ? source.length : end + 3;
      continue;
    }
    const end = endOfTag(source, open);
    if (end === undefined) {
      words += '<';
      at = open + 1;
      continue;
    }
    const tag = tagIn(source.slice(open + 1, end));
    at = end + 1;
    if (UNREAD.test(tag.name)) {
      at = tag.closes ? at : afterClosing(source, tag.name, at);
      continue;
    }
    if (!(tag.name in BLOCK_TAGS || tag.name in INLINE_TAGS || tag.name === BUTTON_TAG)) continue;
    if (words !== '') tokens.push(words);
    words = '';
    tokens.push(tag);
  }
  const rest = words + source.slice(at);
  if (rest !== '') tokens.push(rest);
  return tokens;
}

/** Where the tag that begins at `open` ends; undefined where none begins. A `>` in quotes is part of a value. */
function endOfTag(source: string, open: number): number | undefined {
  if (!/[a-zA-Z]/.test(source.charAt(source.charAt(open + 1) === '/' ? open + 2 : open + 1)))
    return source.charAt(open + 1) === '!' || source.charAt(open + 1) === '?' ? nearEnd(source, open) : undefined;
  let quote = '';
  for (let at = open + 1; at < Math.min(source.length, open + LONGEST_TAG); at += 1) {
    const sign = source.charAt(at);
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return at;
    else if (sign === '<') return undefined;
  }
  return undefined;
}

function nearEnd(source: string, open: number): number | undefined {
  const end = source.slice(open, open + LONGEST_TAG).indexOf('>');
  return end === -1 ? undefined : open + end;
}

function tagIn(inside: string): Tag {
  const [, slash = '', name = '', attributes = ''] = /^(\/?)([a-zA-Z][\w-]*)?([\s\S]*)$/.exec(inside) ?? [];
  return { name: name.toLowerCase(), closes: slash === '/', attributes };
}

function afterClosing(source: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}[^>]{0,100}>`, 'ig');
  closing.lastIndex = from;
  return closing.exec(source) === null ? source.length : closing.lastIndex;
}

function hrefOf(attributes: string): string | undefined {
  const [, double, single, bare] = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes) ?? [];
  return safeAddress(decoded(double ?? single ?? bare ?? ''));
}

type Open = { readonly is: 'strong' | 'emphasis' | 'link'; readonly href: string; inside: Inline[] };
type Kind = 'paragraph' | 'heading';

/** Puts the tree together, in the order in which the text is read. */
class Writer {
  readonly #blocks: Block[] = [];
  #line: Inline[] = [];
  #open: Open[] = [];
  #kind: Kind = 'paragraph';
  #quoted = false;
  #list: { ordered: boolean; items: Inline[][] } | undefined;
  #rows: Inline[][][] | undefined;
  #button: string | undefined;

  tag(tag: Tag): void {
    const block = BLOCK_TAGS[tag.name];
    const inline = INLINE_TAGS[tag.name];
    if (tag.name === BUTTON_TAG) this.#buttonTag(tag);
    else if (block !== undefined) this.#blockTag(tag, block);
    else if (inline !== undefined && tag.closes) this.#closeInline(inline);
    else if (inline !== undefined) this.#openInline(tag, inline);
  }

  /** Words in which a line break is a space. One that a value brings along is a line break. */
  words(text: string): void {
    if (this.#button !== undefined) {
      this.#button += decoded(text);
      return;
    }
    decoded(text)
      .split('\n')
      .forEach((part, at) => {
        if (at > 0) this.#put({ is: 'break' });
        if (part !== '') this.#put(part);
      });
  }

  /** Words in which a line break is one, and an empty line ends the paragraph. */
  lines(text: string): void {
    text.split(/\n[ \t]*\n\s*/).forEach((part, at) => {
      if (at > 0) this.#endBlock();
      this.words(part.replaceAll('\n', '&#10;'));
    });
  }

  finish(): Block[] {
    this.#endBlock();
    this.#endList();
    this.#endTable();
    return this.#blocks;
  }

  #put(piece: Inline): void {
    (this.#open.at(-1)?.inside ?? this.#line).push(piece);
  }

  #buttonTag({ closes }: Tag): void {
    if (!closes) {
      this.#leaveLists();
      this.#button = '';
    } else if (this.#button !== undefined) {
      this.#blocks.push({ is: 'button', label: this.#button.trim() });
      this.#button = undefined;
    }
  }

  #openInline({ attributes }: Tag, is: Open['is']): void {
    const href = is === 'link' ? hrefOf(attributes) : '';
    if (href !== undefined && this.#open.length < DEEPEST && !this.#open.some((one) => one.is === is))
      this.#open.push({ is, href, inside: [] });
  }

  #closeInline(is: Open['is']): void {
    if (!this.#open.some((one) => one.is === is)) return;
    for (let last = this.#open.pop(); last; last = this.#open.pop()) {
      this.#fold(last);
      if (last.is === is) return;
    }
  }

  #fold({ is, href, inside }: Open): void {
    if (inside.length === 0) return;
    this.#put(is === 'link' ? { is, href, inside } : { is, inside });
  }

  #blockTag({ name, closes }: Tag, block: (typeof BLOCK_TAGS)[string]): void {
    switch (block) {
      case 'line':
        if (name === 'hr') this.#rule();
        else if (!closes) this.#put({ is: 'break' });
        break;
      case 'paragraph':
      case 'heading':
      case 'quote':
        this.#boxTag(name, closes, block);
        break;
      case 'list':
        this.#endBlock();
        this.#endList();
        if (!closes) this.#list = { ordered: name === 'ol', items: [] };
        break;
      case 'item':
        this.#endBlock();
        if (!closes) this.#list ??= { ordered: false, items: [] };
        break;
      case 'row':
        this.#endBlock();
        this.#endList();
        if (!closes) this.#newRow();
        break;
      case 'cell':
        this.#endBlock();
        break;
    }
  }

  #boxTag(name: string, closes: boolean, block: Kind | 'quote'): void {
    if (name === 'table' && this.#rows) {
      this.#endBlock();
      this.#endTable();
    } else if (this.#list || this.#rows) {
      // Inside an item or a cell a paragraph is no more than a new line.
      if (this.#line.length > 0) this.#put({ is: 'break' });
    } else {
      this.#endBlock();
      if (name === 'blockquote') this.#quoted = !closes;
      this.#kind = closes || block === 'quote' ? 'paragraph' : block;
    }
  }

  #rule(): void {
    this.#leaveLists();
    this.#blocks.push({ is: 'rule' });
  }

  #leaveLists(): void {
    this.#endBlock();
    this.#endList();
    this.#endTable();
  }

  /** Ends the line under way; tags that are open in it go on in the next. */
  #endBlock(): void {
    const again: Open[] = [];
    for (let last = this.#open.pop(); last; last = this.#open.pop()) {
      again.unshift({ ...last, inside: [] });
      this.#fold(last);
    }
    this.#open = again;
    const line = trimmed(this.#line);
    this.#line = [];
    if (line.length === 0) return;
    if (this.#list) this.#list.items.push(line);
    else if (this.#rows) (this.#rows.at(-1) ?? this.#newRow()).push(line);
    else this.#blocks.push({ is: this.#quoted ? 'quote' : this.#kind, inside: line });
  }

  #newRow(): Inline[][] {
    const row: Inline[][] = [];
    this.#rows = [...(this.#rows ?? []), row];
    return row;
  }

  #endList(): void {
    if (this.#list && this.#list.items.length > 0) this.#blocks.push({ is: 'list', ...this.#list });
    this.#list = undefined;
  }

  #endTable(): void {
    const rows = this.#rows?.filter((row) => row.length > 0) ?? [];
    if (rows.length > 0) this.#blocks.push({ is: 'table', rows });
    this.#rows = undefined;
  }
}

/** A line without spaces and breaks at its ends. */
function trimmed(line: readonly Inline[]): Inline[] {
  let [from, to] = [0, line.length];
  while (from < to && isBlank(line[from])) from += 1;
  while (to > from && isBlank(line[to - 1])) to -= 1;
  const kept = line.slice(from, to);
  const [first, last] = [kept[0], kept.at(-1)];
  if (typeof first === 'string') kept[0] = first.trimStart();
  if (typeof last === 'string') kept[kept.length - 1] = (kept.length === 1 ? String(kept[0]) : last).trimEnd();
  return kept;
}

function isBlank(piece: Inline | undefined): boolean {
  if (typeof piece === 'string') return piece.trim() === '';
  return piece?.is === 'break';
}

/** The signs that a text stands for. What is no sign anybody can see goes: it would make words look like others. */
function decoded(text: string): string {
  const plain = text.replaceAll(
    /&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi,
    (whole, name: string) => signOf(name) ?? whole,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return plain.toWellFormed().replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

function signOf(name: string): string | undefined {
  if (!name.startsWith('#')) return SIGNS[name];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}

const SIGNS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  euro: '€',
  pound: '£',
  middot: '·',
  bull: '•',
  rarr: '→',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
});
