// The kinds of letters that an account may switch off (behaviours.md 1.12).

/** The kinds, in the order they are shown. */
export const EMAIL_CATEGORIES = ['general', 'invoice', 'support', 'product', 'domain', 'affiliate'] as const;
/** Which kinds of letters an account gets. */
export type EmailPreferences = Readonly<Record<(typeof EMAIL_CATEGORIES)[number], boolean>>;

/** Every kind of letter: what an account has where nobody chose. */
export const EVERY_LETTER: EmailPreferences = {
  general: true,
  invoice: true,
  support: true,
  product: true,
  domain: true,
  affiliate: true,
};

const preferences = new Map<string, EmailPreferences>();

/** The choice that is stored as a text. Six switches have 64 texts; nearly all accounts share one. */
export function preferencesIn(text: string): EmailPreferences {
  const known = preferences.get(text);
  if (known) return known;
  const read = Object.freeze(JSON.parse(text) as EmailPreferences); // written by this topic
  if (preferences.size < 64) preferences.set(text, read);
  return read;
}
