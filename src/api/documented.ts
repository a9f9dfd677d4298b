// Refusals in the words that WHMCS documents for an action.

import { ActionError } from '#api/action.ts';
import { Problem } from '#kit/problem.ts';

/** Codes of Problems (keys of locales/en/errors.json) to the texts an action documents. */
export type DocumentedTexts = Readonly<Record<string, string>>;

/**
 * Does `work`. A Problem whose code is among the texts becomes that documented refusal; any other passes, and the endpoint
 * says it in English.
 */
export async function documented<T>(texts: DocumentedTexts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Problem && Object.hasOwn(texts, error.code) ? texts[error.code] : undefined;
    throw text === undefined ? error : new ActionError(text);
  }
}
