// Makes assets/zxcvbn.min.js: what the browser needs to say how hard a new password is to guess, in one file of our own that
// the content security policy lets in. It is fetched when somebody types a new password, and not before.
// Run it after an update of @zxcvbn-ts: bin/pinned-node src/web/parts/zxcvbn.generate.ts
//
// The server looks at the whole list of passwords (domain/credentials/password); the first ten thousand are enough for a
// hint, and a third of the bytes. Its word, not this one, decides.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const require = createRequire(import.meta.url);
const PASSWORDS = 10_000;

/** The module: `estimate(password, words)` answers the strength from 0 to 100, as domain/credentials/password/guesses.ts. */
export function zxcvbnAsset(): string {
  const library = readFileSync(require.resolve('@zxcvbn-ts/core').replace(/index\.cjs$/, 'zxcvbn-ts.js'), 'utf8');
  const lists = {
    diceware: dictionary['diceware-common'],
    passwords: dictionary['passwords-common'].slice(0, PASSWORDS),
  };
  const words = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.join('\n')]));
  return `/*! zxcvbn-ts, MIT. Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.; (c) 2021 zxcvbn-ts. Made by zxcvbn.generate.ts. */
const scope = {};
(function () {
${smaller(library)}
}).call(scope);
const lists = ${JSON.stringify(words)};
const dictionary = Object.fromEntries(Object.entries(lists).map(([name, text]) => [name, text.split('\\n')]));
const zxcvbn = new scope.zxcvbnts.core.ZxcvbnFactory({ dictionary, graphs: ${JSON.stringify(adjacencyGraphs)}, maxLength: 64 });
export function estimate(password, words) {
  const start = [...password.normalize('NFC')].slice(0, 64).join('');
  return start === '' ? 0 : Math.min(100, Math.floor(10 * zxcvbn.check(start, words).guessesLog10));
}
`;
}

/** Without indentation, blank lines, lines that are comments, and the address of a map that is not there. */
function smaller(source: string): string {
  return source
    .replaceAll(/^\s*\/\*(?:(?!\*\/)[\s\S])*\*\/\s*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n');
}

if (import.meta.main) writeFileSync(new URL('../assets/zxcvbn.min.js', import.meta.url), zxcvbnAsset());
