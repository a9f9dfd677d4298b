// Code that the operator puts beside ours: every file of one folder, imported only where nobody else can have written it.
// Whoever may write there is the operator: what they write runs with everything that this process may do.

import { lstat, readdir, realpath } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file of the operator's, imported. */
export type OperatorFile = { readonly name: string; readonly exports: Readonly<Record<string, unknown>> };

/** What keeps the code from being run, each with its remedy; thrown as one, since a check left out would go unseen. */
export class OperatorCodeFault extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join(' '));
    this.name = 'OperatorCodeFault';
  }
}

/**
 * Imports every .ts, .mts, .js and .mjs file that lies in `folder` itself, by name; those that begin with `_` or `.` are
 * left out. A folder that is not there holds nothing. `provides`: bare names that the files may import, and what they stand
 * for. Throws OperatorCodeFault where a file cannot be loaded, or where anybody but root and the running user may write to
 * one, to the folder, to what is below it, or to a folder above it.
 */
export async function importOperatorCode(
  folder: string,
  provides: Readonly<Record<string, URL>>,
): Promise<OperatorFile[]> {
  const names = await readdir(folder).catch(noneWhenAbsent);
  const files = names.filter((name) => /^[^_.].*\.m?[jt]s$/.test(name) && !/\.d\.m?ts$/.test(name)).sort();
  if (files.length === 0) return [];
  const root = await realpath(folder); // what is looked at is what is loaded, wherever a link on the way leads a moment later
  await requireOwn(resolve(folder), root);
  provide(provides);
  const loaded = await Promise.allSettled(files.map((name) => import(pathToFileURL(join(root, name)).href)));
  const faults = loaded.flatMap((one, at) =>
    one.status === 'rejected' ? [`${join(folder, files[at] ?? '')} cannot be loaded: ${wordsOf(one.reason)}.`] : [],
  );
  if (faults.length > 0) throw new OperatorCodeFault(faults);
  return loaded.flatMap((one, at) =>
    one.status === 'fulfilled' ? [{ name: files[at] ?? '', exports: one.value as OperatorFile['exports'] }] : [],
  ); // whatever a module exports
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** As sshd asks of authorized_keys: what is read, and every folder on the way to it, is the operator's alone. */
async function requireOwn(named: string, root: string): Promise<void> {
  if (process.getuid === undefined) return; // a system without owners in this sense
  const faults: string[] = [];
  // Also on the way that was named: whoever may put another link there chooses what is loaded at the next start.
  for (const above of new Set([...foldersAbove(root), named, ...foldersAbove(named)])) {
    faults.push(...(await faultsOf(above, true)));
    if (((await lstat(above)).mode & STICKY) === 0) continue;
    // Node reads these on its way up, whoever put them there.
    for (const read of ['package.json', 'node_modules']) faults.push(...(await faultsOf(join(above, read), false)));
  }
  const inside = await readdir(root, { recursive: true });
  for (const path of [root, ...inside.map((name) => join(root, name))]) faults.push(...(await faultsOf(path, false)));
  if (faults.length > 0) throw new OperatorCodeFault([...new Set(faults)].slice(0, 10));
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

/** What is not there has none. `isAbove`: others may write to a sticky folder such as /tmp, and still neither rename nor remove what is ours in it. */
async function faultsOf(path: string, isAbove: boolean): Promise<string[]> {
  const entry = await lstat(path).catch(absent);
  if (!entry) return [];
  const { uid, mode } = entry;
  const remedy = 'or move it away';
  const isLink = entry.isSymbolicLink();
  if (isLink && !isAbove) return [`${path} is a link: put what it leads to there, ${remedy}.`];
  if (uid !== 0 && uid !== process.getuid?.())
    return [`${path} belongs to another user: chown it to the one that runs Doorward, or to root, ${remedy}.`];
  const forgiven = isAbove && (isLink || (mode & STICKY) !== 0); // a link has no rights of its own
  if ((mode & WRITABLE_BY_OTHERS) !== 0 && !forgiven)
    return [`${path} may be written to by others: chmod go-w it, ${remedy}.`];
  return [];
}

const provided = new Map<string, string>();

/** Bare names resolve to files of ours wherever the operator's folder lies; every other import goes its usual way. */
function provide(names: Readonly<Record<string, URL>>): void {
  if (provided.size === 0)
    registerHooks({
      resolve(specifier, context, next) {
        const url = provided.get(specifier);
        return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
      },
    });
  for (const [name, url] of Object.entries(names)) provided.set(name, url.href);
}

function wordsOf(reason: unknown): string {
  return (reason instanceof Error ? reason.message : String(reason)).split('\n')[0]?.replace(/\.$/, '') ?? '';
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

function noneWhenAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
