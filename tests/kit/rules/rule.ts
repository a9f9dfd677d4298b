// What a rule of the sources is, and how it is tried out.

import { madeUpTree, type Source, type Tree } from '#tests/kit/source-tree.ts';

/** One breach: where, what is written there, and what to do instead. */
export type Breach = { readonly path: string; readonly line: number; readonly found: string; readonly instead: string };

/** A rule, with made-up sources that it must catch and others that it must let pass. */
export type Rule = {
  /** A sentence that is true of the sources. */
  readonly says: string;
  breaches(tree: Tree): Breach[];
  readonly caught: readonly MadeUp[];
  readonly passed: readonly MadeUp[];
};

/** Made-up files by path; in `rest` what else of a tree the rule looks at. */
export type MadeUp = { readonly files: Readonly<Record<string, string>>; readonly rest?: Partial<Tree> };

/** A made-up tree of one file, the commonest. */
export function oneFile(path: string, text: string, rest: Partial<Tree> = {}): MadeUp {
  return { files: { [path]: text }, rest };
}

/** What a rule says of a made-up tree. */
export function tryOn(rule: Rule, { files, rest }: MadeUp): Breach[] {
  return rule.breaches(madeUpTree(files, rest));
}

/** The breach in the form of a compiler's message, which editors and terminals make clickable. */
export function wordsOf({ path, line, found, instead }: Breach): string {
  return `${path}:${line} ${found}. Instead: ${instead}`;
}

/** A breach for each link of each source for which `instead` gives advice. */
export function linkBreaches(
  tree: Tree,
  instead: (link: Source['links'][number], source: Source) => string | undefined,
): Breach[] {
  return tree.sources.flatMap((source) =>
    source.links.flatMap((link) => {
      const advice = instead(link, source);
      if (advice === undefined) return [];
      return [{ path: source.path, line: link.line, found: `imports ${nameOf(link)}`, instead: advice }];
    }),
  );
}

/** A breach for each place in a source's code (comments and texts are blank there) that `pattern` finds; it must be global. */
export function codeBreaches(source: Source, pattern: RegExp, instead: string): Breach[] {
  return [...source.code.matchAll(pattern)].map((match) => ({
    path: source.path,
    line: source.code.slice(0, match.index).split('\n').length,
    found: `says ${match[0].replace(/\s+/g, ' ').trim()}`,
    instead,
  }));
}

/** A breach for each text in a source that `pattern` finds. */
export function literalBreaches(source: Source, pattern: RegExp, instead: string): Breach[] {
  return source.literals
    .filter(({ text }) => pattern.test(text))
    .map(({ text, line }) => ({ path: source.path, line, found: `says "${text.trim().slice(0, 80)}"`, instead }));
}

/** A breach of a whole file. */
export function fileBreach(path: string, found: string, instead: string): Breach {
  return { path, line: 1, found, instead };
}

function nameOf({ specifier, names, typeOnly }: Source['links'][number]): string {
  if (specifier === undefined) return 'a path worked out at run time';
  return `${typeOnly ? 'the types of ' : ''}${specifier}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}
