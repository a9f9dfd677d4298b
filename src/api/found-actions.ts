// Finds the actions by their place: api/actions/<group>/<Action>.ts. What is wrong with one of them stops the start.

import type { Action } from '#api/action.ts';
import { findInCatalogue, folderOf } from '#api/catalogue.ts';
import type { Found } from '#kit/discover.ts';
import { discover } from '#kit/discover.ts';

/** An action found: its name as WHMCS writes it, what it is, and its file. */
export type FoundAction = { readonly name: string; readonly action: Action; readonly file: string };

/** The actions that are answered here, by their lower-cased names. */
export type Actions = ReadonlyMap<string, FoundAction>;

let found: Promise<Actions> | undefined;

/** Every action, read once in a process. Throws when a file is in the wrong place, is no action, or is there twice. */
export function findActions(): Promise<Actions> {
  found ??= discover(new URL('actions/', import.meta.url), '.ts').then(actionsIn);
  return found;
}

/** The actions of these files; a separate step, so that a test can plant wrong ones. */
export function actionsIn(files: readonly Found[]): Actions {
  const actions = new Map<string, FoundAction>();
  for (const file of files) {
    const one = actionOf(file);
    const twin = actions.get(one.name.toLowerCase());
    if (twin) throw new Error(`${one.file} and ${twin.file} are the same action`);
    actions.set(one.name.toLowerCase(), one);
  }
  return actions;
}

function actionOf({ path, module }: Found): FoundAction {
  const file = `src/api/actions/${path}`;
  const [folder = '', name = '', ...deeper] = path.replace(/\.ts$/, '').split('/');
  if (name === '' || deeper.length > 0) throw new Error(`${file} does not lie in the folder of a group`);
  const entry = findInCatalogue(name);
  if (entry?.name !== name) throw new Error(`${file}: ${entry?.name ?? 'no such action'} is what the catalogue says`);
  const declared = module.default as Action | undefined; // checked on the next lines
  if (typeof declared?.answer !== 'function') throw new Error(`${file} does not export an action`);
  if (declared.group !== entry.group) throw new Error(`${file} says ${declared.group}, the catalogue ${entry.group}`);
  if (folder !== folderOf(entry.group)) throw new Error(`${file} belongs into actions/${folderOf(entry.group)}/`);
  return { name, action: declared, file };
}
