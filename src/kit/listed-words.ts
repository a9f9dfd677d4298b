// Words one after the other, as a language writes a short list.

const formats = new Map<string, Intl.ListFormat>();

/** "Invoices, tickets, domains". Narrow conjunctions, because lists of units have no commas in Turkish. `language`: BCP 47. */
export function listedWords(language: string, words: readonly string[]): string {
  const format = formats.get(language) ?? new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' });
  formats.set(language, format);
  return format.format(words);
}
