// How hard a password is to guess, from 0 to 100. The library and its lists take some 30 MB, so they are loaded when an
// operator asks for a strength, and not before.

import { charactersOf, normalised } from './password-text.ts';

/** Ten thousand million guesses: what zxcvbn calls very hard to guess. It counts as 100. */
const FULL_MARKS_LOG10 = 10;

/** What stands behind it adds little, and estimating it takes long: a megabyte must not keep everybody waiting. */
const LOOKED_AT = 64;

/**
 * The strength of a password: ten for each power of ten of the guesses that it would take, at most 100. 30 falls to anybody
 * who tries online without a limit, 60 to a patient one, 100 holds out against a stolen slow hash for a while. `words`: what
 * an attacker would know of the person.
 */
export async function strengthOf(password: string, words: readonly string[]): Promise<number> {
  const estimate = await estimator();
  const start = [...normalised(password)].slice(0, LOOKED_AT).join('');
  if (charactersOf(start) === 0) return 0;
  const known = words.filter((word) => word !== '').map((word) => word.slice(0, 100));
  return Math.min(100, Math.floor((100 / FULL_MARKS_LOG10) * estimate(start, known)));
}

type Estimate = (password: string, words: readonly string[]) => number;

let loading: Promise<Estimate> | undefined;

function estimator(): Promise<Estimate> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Estimate> {
  const { ZxcvbnFactory } = await import('@zxcvbn-ts/core');
  const { adjacencyGraphs, dictionary } = await import('@zxcvbn-ts/language-common');
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT });
  return (password, words) => zxcvbn.check(password, [...words]).guessesLog10;
}
