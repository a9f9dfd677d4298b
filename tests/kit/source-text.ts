// Reads TypeScript as the rules need it: its imports, its code without comments and texts, and its texts. It is no parser, but
// it knows where comments, strings, templates and regular expressions begin and end, and says so when it is lost.

/** One import, export-from or `import()`. */
export type Import = {
  /** As written: `#kit/html.ts`. Undefined when it is worked out at run time. */
  readonly specifier: string | undefined;
  /** The names taken, as the other file calls them; `*` for all, `default`; none for the sake of its effects. */
  readonly names: readonly string[];
  /** True for `import type`: gone at run time. */
  readonly typeOnly: boolean;
  /** True for `export … from`: handed on. */
  readonly handedOn: boolean;
  readonly line: number;
};

/** A string or template; what a template inserts stands as `?`. */
export type Literal = { readonly text: string; readonly line: number };

/** A source, taken apart. */
export type SourceText = {
  /** The text with comments and the insides of literals blanked; every character stands where it stood. */
  readonly code: string;
  readonly literals: readonly Literal[];
  readonly imports: readonly Import[];
};

/** Takes a source apart. Throws, with the line, when a string or comment does not end: then it was read wrongly. */
export function readSourceText(text: string): SourceText {
  const { code, literals } = scan(text);
  return { code, literals, imports: importsIn(text, code) };
}

/** The line, from 1, on which a character stands. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function scan(text: string): { code: string; literals: Literal[] } {
  const code = text.split('');
  const literals: Literal[] = [];
  // How many braces stand open in each template insertion that we are inside of, the innermost last.
  const insertions: { depth: number; literal: { from: number; text: string } }[] = [];
  let at = 0;

  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (code[i] !== '\n') code[i] = ' ';
  };
  const lost = (from: number, what: string) => new Error(`line ${lineAt(text, from)}: ${what} does not end`);
  const keep = (from: number, content: string) => literals.push({ text: content, line: lineAt(text, from) });

  const comment = (end: string) => {
    const found = text.indexOf(end, at + 2);
    if (found === -1 && end !== '\n') throw lost(at, 'a comment');
    const to = found === -1 ? text.length : end === '\n' ? found : found + end.length;
    blank(at, to);
    at = to;
  };
  const string = (quote: string) => {
    let to = at + 1;
    while (text[to] !== quote) {
      if (to >= text.length || text[to] === '\n') throw lost(at, 'a string');
      to += text[to] === '\\' ? 2 : 1;
    }
    keep(at, text.slice(at + 1, to));
    blank(at + 1, to);
    at = to + 1;
  };
  const regularExpression = () => {
    let to = at + 1;
    for (let inClass = false; text[to] !== '/' || inClass; to++) {
      if (to >= text.length || text[to] === '\n') throw lost(at, 'a regular expression');
      if (text[to] === '\\') to++;
      else if (text[to] === '[') inClass = true;
      else if (text[to] === ']') inClass = false;
    }
    blank(at + 1, to);
    at = to + 1;
  };
  // Reads a template from `at`, just behind its opening or behind an insertion, to its end or to the next insertion.
  const template = (literal: { from: number; text: string }) => {
    let to = at;
    while (text[to] !== '`') {
      if (to >= text.length) throw lost(literal.from, 'a template');
      if (text.startsWith('${', to)) {
        literal.text += `${text.slice(at, to)}?`;
        blank(at, to);
        insertions.push({ depth: 0, literal });
        at = to + 2;
        return;
      }
      to += text[to] === '\\' ? 2 : 1;
    }
    keep(literal.from, literal.text + text.slice(at, to));
    blank(at, to);
    at = to + 1;
  };

  while (at < text.length) {
    const here = text[at] ?? '';
    const insertion = insertions.at(-1);
    if (text.startsWith('//', at) || (at === 0 && text.startsWith('#!'))) comment('\n');
    else if (text.startsWith('/*', at)) comment('*/');
    else if (here === "'" || here === '"') string(here);
    else if (here === '`') {
      at++;
      template({ from: at - 1, text: '' });
    } else if (here === '/' && expressionMayStart(code, at)) regularExpression();
    else if (here === '}' && insertion?.depth === 0) {
      insertions.pop();
      at++;
      template(insertion.literal);
    } else {
      if (insertion !== undefined && here === '{') insertion.depth++;
      if (insertion !== undefined && here === '}') insertion.depth--;
      at++;
    }
  }
  if (insertions.length > 0) throw lost(insertions[0]?.literal.from ?? 0, 'a template');
  return { code: code.join(''), literals };
}

const WORDS_BEFORE_EXPRESSIONS = /\b(?:return|typeof|case|in|of|delete|void|throw|new|do|else|await|yield)$/;

/** Whether a slash here opens a regular expression rather than dividing. */
function expressionMayStart(code: readonly string[], at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(code[before] ?? '')) before--;
  if (before < 0) return true;
  if (!/[\w$)\]}'"`]/.test(code[before] ?? '')) return true;
  return WORDS_BEFORE_EXPRESSIONS.test(code.slice(Math.max(0, before - 12), before + 1).join(''));
}

// In blanked code a specifier is a pair of quotes with spaces between.
const FROM = /(?<![.\w$])(import|export)\b(\s+type\b(?!\s*from\b))?((?:[\w$*,\s]|\{[^{}]*\})*?)\bfrom\s*(['"])( *)\4/g;
const FOR_EFFECT = /(?<![.\w$])import\s*(['"])( *)\1/g;
const CALL = /(?<![.\w$])(?:import|require)\s*\(\s*(?:(['"])( *)\1\s*[,)])?/g;

function importsIn(text: string, code: string): Import[] {
  const found: Import[] = [];
  const specifier = (match: RegExpMatchArray) => {
    const start = (match.index ?? 0) + match[0].search(/['"]/) + 1;
    return text.slice(start, text.indexOf(code[start - 1] ?? '', start));
  };
  const line = (match: RegExpMatchArray) => lineAt(text, match.index ?? 0);
  for (const match of code.matchAll(FROM)) {
    const [, keyword, type, clause = ''] = match;
    const names = namesIn(clause);
    const typeOnly = type !== undefined;
    found.push({ specifier: specifier(match), names, typeOnly, handedOn: keyword === 'export', line: line(match) });
  }
  for (const match of code.matchAll(FOR_EFFECT)) {
    found.push({ specifier: specifier(match), names: [], typeOnly: false, handedOn: false, line: line(match) });
  }
  for (const match of code.matchAll(CALL)) {
    const fixed = match[1] === undefined ? undefined : specifier(match);
    found.push({ specifier: fixed, names: ['*'], typeOnly: false, handedOn: false, line: line(match) });
  }
  return found;
}

/** The names in what stands between `import` and `from`, before any `as`. */
function namesIn(clause: string): string[] {
  const [, braced] = clause.match(/\{([^{}]*)\}/) ?? [];
  const inBraces = (braced ?? '')
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s.*$/s, ''),
    )
    .filter((name) => name !== '');
  const outside = clause
    .replace(/\{[^{}]*\}/, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...outside.map((name) => (name.startsWith('*') ? '*' : 'default')), ...inBraces];
}
