// Refusals that are about something typed, shown at its field rather than at the top of the page.

import { invalid, Problem } from '#kit/problem.ts';

/**
 * Waits for `work`; a conflict whose code is named in `fields` becomes an error of that field: a name that is taken is
 * mended where it was typed.
 */
export async function atField<T>(work: Promise<T>, fields: Readonly<Record<string, string>>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const field = error instanceof Problem && error.kind === 'conflict' ? fields[error.code] : undefined;
    if (error instanceof Problem && field !== undefined) throw invalid({ [field]: error.code }, error.values);
    throw error;
  }
}
