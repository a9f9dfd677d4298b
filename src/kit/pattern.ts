// Regular expressions that an operator writes and strangers feed: matched in a time that grows with the text and the
// pattern and nothing else. The runtime's own engine tries every way one after another, so `(a+)+$` against thirty letters
// takes it minutes; here all ways are walked at once (Thompson 1968). What cannot be done so (back references, looking
// around) is refused when the pattern is written.

/** A pattern that was read. `matches`: whether it is found anywhere in the text; `^` and `$` tie it to the ends. */
export type Pattern = { readonly matches: (text: string) => boolean };

/** Why a pattern will not do: it cannot be read, it asks for what is not done here, or it grows too large. */
export type PatternFault = 'unreadable' | 'unsupported' | 'too-large';

/** As many steps a pattern may be compiled to, and as deep its groups may lie. */
const MOST_STEPS = 600;
const MOST_DEPTH = 30;
const LONGEST_SOURCE = 500;

/** Reads a pattern: plain (`^\d{5}$`), or between delimiters with the flag i (`/^[a-z]+$/i`), as PHP writes them. */
export function readPattern(source: string): { readonly pattern: Pattern } | { readonly fault: PatternFault } {
  if (source.length > LONGEST_SOURCE) return { fault: 'too-large' };
  try {
    const { body, ignoreCase } = undelimited(source);
    const program = compile(new Reader(body).whole());
    return { pattern: { matches: (text) => run(program, text, ignoreCase) } };
  } catch (error) {
    if (error instanceof Unfit) return { fault: error.fault };
    throw error;
  }
}

class Unfit extends Error {
  readonly fault: PatternFault;
  constructor(fault: PatternFault) {
    super(fault);
    this.fault = fault;
  }
}

function undelimited(source: string): { body: string; ignoreCase: boolean } {
  const match = /^([/#~])(.*)\1([a-zA-Z]*)$/s.exec(source);
  if (!match) return { body: source, ignoreCase: false };
  const [, , body = '', flags = ''] = match;
  if (!/^[iuD]*$/.test(flags)) throw new Unfit('unsupported');
  return { body, ignoreCase: flags.includes('i') };
}

type Test = (sign: string) => boolean;
type Edge = 'start' | 'end' | 'word' | 'not-word';
type Tree =
  | { readonly is: 'sign'; readonly test: Test }
  | { readonly is: 'edge'; readonly edge: Edge }
  | { readonly is: 'row'; readonly of: readonly Tree[] }
  | { readonly is: 'either'; readonly of: readonly Tree[] }
  | { readonly is: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number };

/** Reads a pattern sign by sign into a tree. */
class Reader {
  readonly #signs: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#signs = [...source];
  }

  whole(): Tree {
    const tree = this.#either();
    if (this.#at < this.#signs.length) throw new Unfit('unreadable'); // a `)` too many
    return tree;
  }

  #either(): Tree {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new Unfit('too-large');
    const ways = [this.#row()];
    while (this.#taken('|')) ways.push(this.#row());
    this.#depth -= 1;
    return ways.length === 1 && ways[0] ? ways[0] : { is: 'either', of: ways };
  }

  #row(): Tree {
    const parts: Tree[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek())
      parts.push(this.#repeated(this.#one()));
    return { is: 'row', of: parts };
  }

  #one(): Tree {
    const sign = this.#take();
    switch (sign) {
      case '^':
        return { is: 'edge', edge: 'start' };
      case '$':
        return { is: 'edge', edge: 'end' };
      case '.':
        return { is: 'sign', test: (one) => one !== '\n' };
      case '(':
        return this.#group();
      case '[':
        return { is: 'sign', test: this.#class() };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new Unfit('unreadable'); // nothing to repeat
      default:
        return { is: 'sign', test: (one) => one === sign };
    }
  }

  #group(): Tree {
    if (this.#taken('?')) this.#groupKind();
    const tree = this.#either();
    if (!this.#taken(')')) throw new Unfit('unreadable');
    return tree;
  }

  /** `(?:` and a name; whatever looks ahead or behind, or changes the flags, is not done here. */
  #groupKind(): void {
    if (this.#taken(':')) return;
    this.#taken('P');
    if (!this.#taken('<') || this.#peek() === '=' || this.#peek() === '!') throw new Unfit('unsupported');
    while (/\w/.test(this.#peek() ?? '')) this.#take();
    if (!this.#taken('>')) throw new Unfit('unreadable');
  }

  #repeated(tree: Tree): Tree {
    const times = this.#times();
    if (!times) return tree;
    if (tree.is === 'edge') throw new Unfit('unsupported');
    this.#taken('?'); // as few as will do: whether it matches is the same
    if (this.#peek() === '+') throw new Unfit('unsupported'); // as many as there are, whatever follows
    if (this.#times()) throw new Unfit('unreadable');
    return { is: 'repeat', of: tree, ...times };
  }

  #times(): { least: number; most: number } | undefined {
    if (this.#taken('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#taken('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#taken('?')) return { least: 0, most: 1 };
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#signs.slice(this.#at, this.#at + 12).join(''));
    if (!match) return undefined; // a brace that stands for itself
    this.#at += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (most < least) throw new Unfit('unreadable');
    return { least, most };
  }

  #escaped(): Tree {
    const edge = EDGES.get(this.#peek() ?? '');
    if (edge === undefined) return { is: 'sign', test: this.#escapedSign() };
    this.#take();
    return { is: 'edge', edge };
  }

  /** What follows a backslash: a kind of sign, one by its number, or a sign that stands for itself. */
  #escapedSign(): Test {
    const sign = this.#take();
    if (sign === 'p' || sign === 'P') return this.#property(sign === 'P');
    const kind = KINDS[sign];
    if (kind) return kind;
    const literal = this.#literal(sign);
    return (one) => one === literal;
  }

  #literal(sign: string): string {
    const plain = PLAIN[sign];
    if (plain !== undefined) return plain;
    if (sign === 'x' || sign === 'u') return this.#byNumber(sign === 'x' ? 2 : 4);
    if (/[a-zA-Z0-9]/.test(sign)) throw new Unfit('unsupported'); // \1 and its like
    return sign;
  }

  #byNumber(digits: number): string {
    const rest = this.#signs.slice(this.#at, this.#at + 10).join('');
    const match = new RegExp(`^(?:\\{([0-9a-fA-F]{1,6})\\}|([0-9a-fA-F]{${digits}}))`).exec(rest);
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16);
    if (!match || code > 0x10ffff) throw new Unfit('unreadable');
    this.#at += match[0].length;
    return String.fromCodePoint(code);
  }

  /** `\p{L}` and its like: the runtime knows them, and is asked for one sign at a time. */
  #property(negated: boolean): Test {
    const match = /^\{([A-Za-z_=]{1,40})\}/.exec(this.#signs.slice(this.#at, this.#at + 44).join(''));
    if (!match) throw new Unfit('unreadable');
    this.#at += match[0].length;
    try {
      const one = new RegExp(`^\\p{${match[1]}}$`, 'u');
      return (sign) => one.test(sign) !== negated;
    } catch {
      throw new Unfit('unreadable');
    }
  }

  #class(): Test {
    const negated = this.#taken('^');
    const tests: Test[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) tests.push(this.#classPart());
    this.#take();
    return (sign) => tests.some((test) => test(sign)) !== negated;
  }

  #classPart(): Test {
    const from = this.#classSign();
    if (typeof from !== 'string' || this.#peek() !== '-' || this.#signs[this.#at + 1] === ']')
      return typeof from === 'string' ? (sign) => sign === from : from;
    this.#take();
    const to = this.#classSign();
    if (typeof to !== 'string') throw new Unfit('unreadable');
    const [least, most] = [codeOf(from), codeOf(to)];
    if (most < least) throw new Unfit('unreadable');
    return (sign) => codeOf(sign) >= least && codeOf(sign) <= most;
  }

  #classSign(): string | Test {
    const sign = this.#take();
    if (sign === '[' && this.#peek() === ':') throw new Unfit('unsupported');
    if (sign !== '\\') return sign;
    const next = this.#peek() ?? '';
    if (next === 'p' || next === 'P' || KINDS[next]) return this.#escapedSign();
    this.#take();
    return next === 'b' ? '\b' : this.#literal(next);
  }

  #peek(): string | undefined {
    return this.#signs[this.#at];
  }

  #take(): string {
    const sign = this.#signs[this.#at];
    if (sign === undefined) throw new Unfit('unreadable');
    this.#at += 1;
    return sign;
  }

  #taken(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.#at += 1;
    return true;
  }
}

const EDGES: ReadonlyMap<string, Edge> = new Map([
  ['b', 'word'],
  ['B', 'not-word'],
  ['A', 'start'],
  ['z', 'end'],
  ['Z', 'end'],
]);
const PLAIN: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
});
const isWord: Test = (sign) => /^\w$/.test(sign);
const KINDS: Readonly<Record<string, Test>> = Object.assign(Object.create(null), {
  d: (sign: string) => /^\d$/.test(sign),
  D: (sign: string) => !/^\d$/.test(sign),
  w: isWord,
  W: (sign: string) => !isWord(sign),
  s: (sign: string) => /^\s$/.test(sign),
  S: (sign: string) => !/^\s$/.test(sign),
});

function codeOf(sign: string): number {
  return sign.codePointAt(0) ?? 0;
}

type Step =
  | { readonly do: 'sign'; readonly test: Test }
  | { readonly do: 'edge'; readonly edge: Edge }
  | { readonly do: 'fork'; to: number; or: number }
  | { readonly do: 'go'; to: number }
  | { readonly do: 'found' };

function compile(tree: Tree): readonly Step[] {
  const steps: Step[] = [];
  const put = <One extends Step>(step: One): One => {
    if (steps.length >= MOST_STEPS) throw new Unfit('too-large');
    steps.push(step);
    return step;
  };
  const write = (part: Tree): void => {
    switch (part.is) {
      case 'sign':
        put({ do: 'sign', test: part.test });
        return;
      case 'edge':
        put({ do: 'edge', edge: part.edge });
        return;
      case 'row':
        for (const one of part.of) write(one);
        return;
      case 'either':
        writeEither(part.of);
        return;
      case 'repeat':
        writeRepeat(part.of, part.least, part.most);
    }
  };
  const writeEither = (ways: readonly Tree[]): void => {
    const ends: { to: number }[] = [];
    for (const [at, way] of ways.entries()) {
      const last = at === ways.length - 1;
      const fork = last ? undefined : put({ do: 'fork', to: steps.length + 1, or: 0 });
      write(way);
      if (!last) ends.push(put({ do: 'go', to: 0 }));
      if (fork) fork.or = steps.length;
    }
    for (const end of ends) end.to = steps.length;
  };
  const writeRepeat = (of: Tree, least: number, most: number): void => {
    for (let times = 0; times < least; times += 1) writeCounted(of);
    if (most === Number.POSITIVE_INFINITY) {
      const start = steps.length;
      const fork = put({ do: 'fork', to: start + 1, or: 0 });
      write(of);
      put({ do: 'go', to: start });
      fork.or = steps.length;
      return;
    }
    const forks: { or: number }[] = [];
    for (let times = least; times < most; times += 1) {
      forks.push(put({ do: 'fork', to: steps.length + 1, or: 0 }));
      writeCounted(of);
    }
    for (const fork of forks) fork.or = steps.length;
  };
  // An empty part writes no step, so `(){9999}` inside `(){9999}` would count for ever without growing.
  let counted = 0;
  const writeCounted = (of: Tree): void => {
    counted += 1;
    if (counted > MOST_STEPS * 4) throw new Unfit('too-large');
    write(of);
  };
  write(tree);
  put({ do: 'found' });
  return steps;
}

/** Walks all ways at once: at each sign the set of steps that wait for one. */
function run(program: readonly Step[], text: string, ignoreCase: boolean): boolean {
  const signs = [...text];
  const seenAt = new Int32Array(program.length).fill(-1);
  let waiting: number[] = [];
  for (let at = 0; at <= signs.length; at += 1) {
    const sign = signs[at];
    const ahead: number[] = [];
    const stack = [0, ...waiting.reverse()]; // step 0: a match may begin at every sign
    waiting = [];
    while (stack.length > 0) {
      const number = stack.pop() ?? 0;
      if (seenAt[number] === at) continue;
      seenAt[number] = at;
      const step = program[number];
      if (!step || step.do === 'found') return true;
      if (step.do === 'fork') stack.push(step.or, step.to);
      else if (step.do === 'go') stack.push(step.to);
      else if (step.do === 'edge' && holds(step.edge, signs, at)) stack.push(number + 1);
      else if (step.do === 'sign' && sign !== undefined && fits(step.test, sign, ignoreCase)) ahead.push(number + 1);
    }
    waiting = ahead;
  }
  return false;
}

function fits(test: Test, sign: string, ignoreCase: boolean): boolean {
  return test(sign) || (ignoreCase && (test(sign.toLowerCase()) || test(sign.toUpperCase())));
}

function holds(edge: Edge, signs: readonly string[], at: number): boolean {
  const isBetween = isWord(signs[at - 1] ?? ' ') !== isWord(signs[at] ?? ' ');
  switch (edge) {
    case 'start':
      return at === 0;
    case 'end':
      return at === signs.length;
    case 'word':
      return isBetween;
    case 'not-word':
      return !isBetween;
  }
}
