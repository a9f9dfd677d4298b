// A shipped letter whose text staff may edit: what it is called, what may be put into it, and the text that holds until they
// do. A topic declares it in its *.mail.ts and knows nothing of how texts are edited.

import type { Letter } from '#domain/mail/letter.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Language, Translate } from '#src/locales/words.ts';
import { findLanguage, languageOf, translator } from '#src/locales/words.ts';

/** What letters are about: WHMCS's types (behaviours.md 10.1). `admin` goes to staff. */
export const TEMPLATE_TYPES = ['general', 'product', 'domain', 'invoice', 'support', 'affiliate', 'admin'] as const;
/** A type of letters. */
export type TemplateType = (typeof TEMPLATE_TYPES)[number];

/** Whether a text names a type. */
export function isTemplateType(text: string): text is TemplateType {
  return (TEMPLATE_TYPES as readonly string[]).includes(text);
}

/** Values of the fields that a template declares. */
type ValuesOf<Fields extends MergeValues> = {
  readonly [Name in keyof Fields]: Fields[Name] extends number
    ? number
    : Fields[Name] extends string
      ? string
      : string | number;
};

/** The shipped text. `button`: what stands on the button that leads to the letter's link. */
export type WrittenText = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly button?: string;
  /** Why you got this, and what to do if it was not you. */
  readonly small: readonly string[];
};

/** A letter whose text may be edited. */
export type LetterTemplate<Fields extends MergeValues = MergeValues> = {
  readonly kind: string;
  /** WHMCS's name of it, or one of ours; the API finds it by this. */
  readonly name: string;
  readonly type: TemplateType;
  /** What may be put in, each with an example. Never a password, and no secret: what opens something is the link alone. */
  readonly fields: Fields;
  /** `needed`: the letter is for its link, and no text without it can be kept. */
  readonly link: 'needed' | 'offered' | 'none';
  /** The values of fields that the words depend on, where there are just a few. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Whether the operator may switch it off. Never what proves an address, resets a password or tells of a danger. */
  readonly mayBeOff: boolean;
  write(t: Translate, values: ValuesOf<Fields>): WrittenText;
};

/** Declares one; export what it gives from a *.mail.ts. */
export function letterTemplate<const Fields extends MergeValues>(
  declared: LetterTemplate<Fields>,
): LetterTemplate<Fields> {
  return declared;
}

/**
 * Declares one that both customers and staff get, each in a text of its own: what the operator writes to customers need not
 * fit staff. Export both, the one for customers first.
 */
export function letterTwins<const Fields extends MergeValues>(
  declared: Omit<LetterTemplate<Fields>, 'type'> & { readonly staffName?: string },
): readonly [forCustomers: LetterTemplate<Fields>, forStaff: LetterTemplate<Fields>] {
  const { staffName, ...shared } = declared;
  const { kind, name } = shared;
  return [
    { ...shared, type: 'general' },
    { ...shared, type: 'admin', kind: `staff-${kind}`, name: staffName ?? `Admin ${name}` },
  ];
}

/** What a letter by a template is made of. `url`: where its button leads; a secret, masked in the history. */
export type LetterAbout<Fields extends MergeValues> = {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly values: ValuesOf<Fields>;
  readonly url?: string;
  readonly expiresAt: number;
  readonly userId?: number | undefined;
  readonly clientId?: number | undefined;
  readonly administratorId?: number | undefined;
  /** Where letters of several templates are one kind to whoever withdraws them. */
  readonly kind?: string;
};

/** Writes the letter in the person's language: the shipped text, with what `queueLetter` needs to put an edited one in its place. */
export function letterBy<Fields extends MergeValues>(
  template: LetterTemplate<Fields>,
  about: LetterAbout<Fields>,
): Letter {
  const chosen = findLanguage(about.to.language);
  const letter = writtenIn(chosen ?? languageOf(undefined), template, about);
  return chosen ? letter : { ...letter, writtenIn: (language) => writtenIn(language, template, about) };
}

function writtenIn<Fields extends MergeValues>(
  language: Language,
  template: LetterTemplate<Fields>,
  about: LetterAbout<Fields>,
): Letter {
  const t = translator(language.code);
  const { button, ...text } = template.write(t, about.values);
  return {
    kind: about.kind ?? template.kind,
    language: language.code,
    direction: language.direction,
    to: { address: about.to.address, name: about.to.name },
    ...text,
    ...(button === undefined || about.url === undefined
      ? {}
      : { button: { label: button, url: about.url, orCopy: t('mail.or-copy') } }),
    expiresAt: about.expiresAt,
    template: { kind: template.kind, values: about.values },
    ...(about.userId === undefined ? {} : { userId: about.userId }),
    ...(about.clientId === undefined ? {} : { clientId: about.clientId }),
    ...(about.administratorId === undefined ? {} : { administratorId: about.administratorId }),
  };
}

/** A text as staff edit it. */
export type TemplateSource = { readonly subject: string; readonly body: string; readonly small: string };

/** The shipped text as staff would have written it: with the names of the fields in place of values. */
export function shippedSource(template: LetterTemplate, language: string): TemplateSource {
  const parts = partsFor(template, language, Object.entries(template.choices ?? {}), {});
  const together = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');
  return { subject: parts.subject, body: together([...parts.paragraphs, parts.button]), small: together(parts.small) };
}

type Parts = Required<WrittenText>;

/** Where the words depend on a field, both are written, and the question between them. */
function partsFor(
  template: LetterTemplate,
  language: string,
  choices: readonly (readonly [string, readonly string[]])[],
  chosen: Readonly<Record<string, string>>,
): Parts {
  const [choice, ...further] = choices;
  if (choice === undefined) return partsWith(template, language, chosen);
  const [field, options] = choice;
  return options
    .map((option) => ({ option, parts: partsFor(template, language, further, { ...chosen, [field]: option }) }))
    .reduceRight((rest, { option, parts }) => ({ option, parts: asked(field, option, parts, rest.parts) })).parts;
}

function asked(field: string, option: string, then: Parts, other: Parts): Parts {
  const one = (a: string, b: string): string =>
    a === b ? a : `{% if ${field} == "${option}" %}${a}${b === '' ? '' : `{% else %}${b}`}{% endif %}`;
  const each = (a: readonly string[], b: readonly string[]): string[] =>
    Array.from({ length: Math.max(a.length, b.length) }, (_, at) => one(a[at] ?? '', b[at] ?? ''));
  return {
    subject: one(then.subject, other.subject),
    paragraphs: each(then.paragraphs, other.paragraphs),
    button: one(then.button, other.button),
    small: each(then.small, other.small),
  };
}

function partsWith(template: LetterTemplate, language: string, chosen: Readonly<Record<string, string>>): Parts {
  const names = Object.entries(template.fields);
  const values = names.map(([name, example], at) => [
    name,
    chosen[name] ?? (typeof example === 'number' ? standIn(at) : `{{ ${name} }}`),
  ]);
  const written = template.write(translator(language), Object.fromEntries(values));
  const named = (text: string): string =>
    names.reduce(
      (done, [name, example], at) => (typeof example === 'number' ? withoutStandIn(done, at, name, language) : done),
      text.replaceAll('<', '&lt;'),
    );
  return {
    subject: named(written.subject).replaceAll('&lt;', '<'),
    paragraphs: written.paragraphs.map(named),
    button: written.button === undefined ? '' : `{% button '${written.button.replaceAll("'", '’')}' %}`,
    small: written.small.map(named),
  };
}

/** A number has to be one for the words around it to be right. It ends in 00, so that no language has a plural of its own for it. */
function standIn(at: number): number {
  return 7_000_300 + at * 100;
}

function withoutStandIn(text: string, at: number, name: string, language: string): string {
  const formatted = new Intl.NumberFormat(language).format(standIn(at));
  return text.replaceAll(formatted, `{{ ${name} }}`).replaceAll(String(standIn(at)), `{{ ${name} }}`);
}

/** Which shipped text an edited one was made from, to tell later whether that has changed. */
export function versionOf(source: TemplateSource): string {
  return fingerprint(JSON.stringify([source.subject, source.body, source.small])).slice(0, 16);
}

/** Whether an export of a *.mail.ts is a template. */
export function isLetterTemplate(value: unknown): value is LetterTemplate {
  return typeof value === 'object' && value !== null && 'write' in value && 'mayBeOff' in value && 'kind' in value;
}
