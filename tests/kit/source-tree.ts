// The sources as a tree whose imports are resolved: what the rules look at, real or made up.

import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Import, readSourceText, type SourceText } from '#tests/kit/source-text.ts';

/** An import and what it leads to: one of our files (a path such as `src/kit/html.ts`), a package or Node, or what is not known. */
export type Link = Import & { readonly file?: string; readonly package?: string };

/** One source. Paths are from the top of the repository, with forward slashes. */
export type Source = Omit<SourceText, 'imports'> & { readonly path: string; readonly links: readonly Link[] };

/** All that a rule may look at. */
export type Tree = {
  /** Our sources below src, without tests: what runs in production. */
  readonly sources: readonly Source[];
  /** Every path below src and tests. */
  readonly paths: readonly string[];
  /** The topics of src/domain/order.ts, the topmost first. */
  readonly topics: readonly string[];
  /** The names of the WHMCS catalogue. */
  readonly actions: ReadonlySet<string>;
  /** The packages that production may use. */
  readonly dependencies: ReadonlySet<string>;
  /** Every text file that is or would be committed, by path. */
  readonly committed: ReadonlyMap<string, string>;
};

/** The tree of a checkout. */
export async function readTree(root: string): Promise<Tree> {
  const paths = globSync(['{src,tests}/**/*.{ts,js,mjs}'], {
    cwd: root,
    exclude: ['**/vendor/**', '**/*.min.*'],
  }).sort();
  const texts = new Map(paths.filter(isProduction).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    sources: sourcesOf(texts, manifest.imports),
    paths,
    topics: await topicsOf(root),
    actions: actionsOf(root),
    dependencies: new Set(Object.keys(manifest.dependencies)),
    committed: committedTexts(root),
  };
}

/** A made-up tree, for trying rules: the texts by path; the rest as given, else as little as will do. */
export function madeUpTree(files: Readonly<Record<string, string>>, rest: Partial<Tree> = {}): Tree {
  const texts = new Map(Object.entries(files));
  return {
    sources: sourcesOf(new Map([...texts].filter(([path]) => isProduction(path))), MADE_UP_IMPORTS),
    paths: [...texts.keys()],
    topics: [],
    actions: new Set(),
    dependencies: new Set(),
    committed: texts,
    ...rest,
  };
}

const MADE_UP_IMPORTS = Object.fromEntries(
  ['kit', 'domain', 'api', 'oidc', 'web', 'cli']
    .map((name) => [`#${name}/*`, `./src/${name}/*`])
    .concat([
      ['#src/*', './src/*'],
      ['#tests/*', './tests/*'],
    ]),
);

type ImportMap = Readonly<Record<string, string>>;

function isProduction(path: string): boolean {
  return path.startsWith('src/') && !path.includes('.test.');
}

function sourcesOf(texts: ReadonlyMap<string, string>, imports: ImportMap): Source[] {
  return [...texts].map(([path, text]) => {
    const { code, literals, imports: found } = read(path, text);
    return { path, code, literals, links: found.map((one) => ({ ...one, ...targetOf(one.specifier, path, imports) })) };
  });
}

function read(path: string, text: string): SourceText {
  try {
    return readSourceText(text);
  } catch (fault) {
    throw new Error(`${path} cannot be read`, { cause: fault });
  }
}

function targetOf(
  specifier: string | undefined,
  from: string,
  imports: ImportMap,
): { file?: string; package?: string } {
  if (specifier === undefined) return {};
  if (specifier.startsWith('.')) return { file: posix.join(posix.dirname(from), specifier) };
  if (specifier.startsWith('#')) return { file: mapped(specifier, imports) };
  const parts = specifier.split('/');
  return { package: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier) };
}

/** By the `imports` of package.json, whose patterns end in a star. One that is not there leads to no file. */
function mapped(specifier: string, imports: ImportMap): string {
  for (const [pattern, place] of Object.entries(imports)) {
    const start = pattern.replace(/\*$/, '');
    if (specifier.startsWith(start)) return posix.normalize(place.replace('*', specifier.slice(start.length)));
  }
  return specifier;
}

async function topicsOf(root: string): Promise<string[]> {
  const { topics } = await import(pathToFileURL(join(root, 'src/domain/order.ts')).href);
  return topics.map((topic: { name: string }) => topic.name);
}

/** The catalogue's names; none while there is no catalogue, so that every action file is then one too many. */
function actionsOf(root: string): Set<string> {
  const [file] = globSync('src/api/catalogue.json', { cwd: root });
  if (file === undefined) return new Set();
  return new Set(namesIn(JSON.parse(readFileSync(join(root, file), 'utf8'))));
}

type Entry = string | { readonly action?: string; readonly name?: string };

/** A list of names or of entries that bear one, or an object by name; as it is, or below `actions`. */
function namesIn(catalogue: Entry[] | { readonly actions?: Entry[] | object }): string[] {
  const entries = Array.isArray(catalogue) ? catalogue : (catalogue.actions ?? catalogue);
  if (!Array.isArray(entries)) return Object.keys(entries);
  return entries.map((entry) => (typeof entry === 'string' ? entry : (entry.action ?? entry.name ?? '')));
}

function committedTexts(root: string): Map<string, string> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
  const paths = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0');
  const there = paths.filter((path) => path !== '').flatMap((path) => textAt(root, path));
  return new Map(there);
}

/** Nothing for a file that is deleted and not yet committed so, for a link to a folder, and for what is not text. */
function textAt(root: string, path: string): [string, string][] {
  try {
    const text = readFileSync(join(root, path), 'utf8');
    return text.includes('\0') ? [] : [[path, text]];
  } catch {
    return [];
  }
}
