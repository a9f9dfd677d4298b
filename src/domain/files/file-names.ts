// The name of an uploaded file: a word for people and no path. It is never a name on our disk, and it ends in the one ending
// that its content was held to.

import { oneLine } from '#kit/text.ts';

/** A name that may be shown, stored and offered for saving, and its ending in lower case. */
export type FileName = { readonly name: string; readonly ending: string };

const LONGEST = 120;
// Names of devices, which no file may bear on Windows.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * What may be kept of a name that a browser sent: without folders, signs that turn, hide or break, and signs that some system
 * gives a meaning to. Dots that would make a second ending become `_`, so that `bill.exe.pdf` is `bill_exe.pdf`. Undefined
 * when no name with an ending is left.
 */
export function fileNameFrom(given: string): FileName | undefined {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = oneLine(last)
    .replaceAll(/[<>:"|?*;%\p{Cf}\p{Co}\p{Cn}]/gu, '_')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[.\s]+|[.\s]+$/g, '');
  const dot = clean.lastIndexOf('.');
  if (dot < 1) return undefined;
  const ending = clean.slice(dot + 1).toLowerCase();
  if (!/^[a-z0-9]{1,8}$/.test(ending)) return undefined;
  const stem = clean
    .slice(0, dot)
    .replaceAll(/\.(?=[a-z])/gi, '_')
    .trim();
  const short = [...stem].slice(0, LONGEST).join('').trim();
  const safe = DEVICE.test(short) || short === '' ? `_${short}` : short;
  return { name: `${safe}.${ending}`, ending };
}
