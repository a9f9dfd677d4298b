// The words of pages and letters, by language. A key that English lacks is a type error.

import { existsSync, readFileSync } from 'node:fs';
import IntlMessageFormat from 'intl-messageformat';
import Negotiator from 'negotiator';
import access from './en/access.json' with { type: 'json' };
import admin from './en/admin.json' with { type: 'json' };
import client from './en/client.json' with { type: 'json' };
import common from './en/common.json' with { type: 'json' };
import contacts from './en/contacts.json' with { type: 'json' };
import devices from './en/devices.json' with { type: 'json' };
import entrance from './en/entrance.json' with { type: 'json' };
import errors from './en/errors.json' with { type: 'json' };
import factors from './en/factors.json' with { type: 'json' };
import federation from './en/federation.json' with { type: 'json' };
import fields from './en/fields.json' with { type: 'json' };
import lists from './en/lists.json' with { type: 'json' };
import mail from './en/mail.json' with { type: 'json' };
import merging from './en/merging.json' with { type: 'json' };
import passkeys from './en/passkeys.json' with { type: 'json' };
import passwords from './en/passwords.json' with { type: 'json' };
import people from './en/people.json' with { type: 'json' };
import protection from './en/protection.json' with { type: 'json' };
import records from './en/records.json' with { type: 'json' };
import recovery from './en/recovery.json' with { type: 'json' };
import registration from './en/registration.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };
import support from './en/support.json' with { type: 'json' };
import templates from './en/templates.json' with { type: 'json' };
import webhooks from './en/webhooks.json' with { type: 'json' };

const english = {
  access,
  admin,
  client,
  common,
  contacts,
  devices,
  entrance,
  errors,
  factors,
  federation,
  fields,
  lists,
  mail,
  merging,
  passkeys,
  passwords,
  people,
  protection,
  records,
  recovery,
  registration,
  settings,
  support,
  templates,
  webhooks,
};

type English = typeof english;
/** The name of a text: the file and its key, such as `entrance.login.title`. */
export type Key = { [Area in keyof English]: `${Area & string}.${keyof English[Area] & string}` }[keyof English];
/** Gives a text its values (ICU MessageFormat). */
export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

/** A language Doorward speaks: its code, WHMCS's name of it, its own name, its direction. */
export type Language = {
  readonly code: string;
  readonly wire: string;
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
};

const ENGLISH: Language = { code: 'en', wire: 'english', name: 'English', direction: 'ltr' };

/** All languages, the default first. */
export const languages: readonly Language[] = [
  ENGLISH,
  { code: 'de', wire: 'german', name: 'Deutsch', direction: 'ltr' },
  { code: 'es', wire: 'spanish', name: 'Español', direction: 'ltr' },
  { code: 'fr', wire: 'french', name: 'Français', direction: 'ltr' },
  { code: 'pt', wire: 'portuguese-br', name: 'Português', direction: 'ltr' },
  { code: 'tr', wire: 'turkish', name: 'Türkçe', direction: 'ltr' },
  { code: 'ar', wire: 'arabic', name: 'العربية', direction: 'rtl' },
];

// Other names of a language that installations of WHMCS have.
const ALIASES: Readonly<Record<string, string>> = { 'portuguese-pt': 'pt', portuguese: 'pt', 'english-us': 'en' };

/** The language of a stored name (WHMCS's, `english`) or code, if it is one of ours. */
export function findLanguage(name: string): Language | undefined {
  const wanted = name.toLowerCase();
  const code = Object.hasOwn(ALIASES, wanted) ? ALIASES[wanted] : wanted;
  return languages.find((one) => one.wire === code || one.code === code);
}

/** The language of a stored name or code, else the default. */
export function languageOf(name: string | undefined): Language {
  return findLanguage(name ?? '') ?? ENGLISH;
}

/** The language of ours that a browser asks for by `Accept-Language` (RFC 9110, 12.5.4); undefined when it wants none of them. */
export function languageAskedFor(acceptLanguage: string | undefined): Language | undefined {
  if (!acceptLanguage || acceptLanguage.length > 300) return undefined;
  const known = asked.get(acceptLanguage);
  if (known !== undefined) return findLanguage(known);
  const codes = languages.map((one) => one.code);
  const [code = ''] = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).languages(codes);
  if (asked.size >= 500) asked.clear();
  asked.set(acceptLanguage, code);
  return findLanguage(code);
}

const asked = new Map<string, string>();
const texts = new Map<string, ReadonlyMap<string, Text>>([['en', textsOf(english)]]);
const formats = new Map<string, IntlMessageFormat>();

/** The words in one language; what a language lacks is said in English. */
export function translator(language: string): Translate {
  return (key, values) => {
    const text = wordsOf(language, key) ?? wordsOf('en', key);
    if (text === undefined) return key;
    return text.isPlain ? text.words : String(formatOf(language, text.words).format(values));
  };
}

/** Whether a text of this name exists; for codes that are put together at run time. */
export function isKey(name: string): name is Key {
  return wordsOf('en', name) !== undefined;
}

/** `isPlain`: said as it stands, without values and without the signs that ICU gives a meaning. */
type Text = { readonly words: string; readonly isPlain: boolean };

function wordsOf(language: string, key: string): Text | undefined {
  return (texts.get(language) ?? read(language)).get(key);
}

/** Reads the words of a language at their first use: nobody waits at the start for languages that nobody speaks here. */
function read(language: string): ReadonlyMap<string, Text> {
  const areas: Record<string, Record<string, string>> = {};
  if (languages.some((one) => one.code === language)) {
    for (const area of Object.keys(english)) {
      const file = new URL(`./${language}/${area}.json`, import.meta.url);
      if (existsSync(file)) areas[area] = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>; // ours, held to the English keys by a test
    }
  }
  const words = textsOf(areas);
  texts.set(language, words);
  return words;
}

function textsOf(areas: Readonly<Record<string, Readonly<Record<string, string>>>>): Map<string, Text> {
  return new Map(
    Object.entries(areas).flatMap(([area, texts]) =>
      Object.entries(texts).map(
        ([name, words]) => [`${area}.${name}`, { words, isPlain: !/[{']/.test(words) }] as const,
      ),
    ),
  );
}

function formatOf(language: string, text: string): IntlMessageFormat {
  const name = `${language}\n${text}`;
  const known = formats.get(name);
  if (known) return known;
  const fresh = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  formats.set(name, fresh);
  return fresh;
}
