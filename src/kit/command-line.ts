// A command line taken apart: what a command is, the help it gives, and what of it a person typed.

import type { ParseArgsOptionDescriptor } from 'node:util';
import { parseArgs } from 'node:util';

/** An option `--name`. Without `value` it is a flag; `value` names what follows it in the help. */
export type Option = {
  readonly about: string;
  readonly value?: string;
  /** May be given several times. */
  readonly many?: true;
  readonly required?: true;
};
/** Options by name, in the order of the help. */
export type Options = Readonly<Record<string, Option>>;

/** A word that stands by its place. */
export type Word = { readonly about: string; readonly optional?: true };
/** Words by name, in their order. */
export type Words = Readonly<Record<string, Word>>;

type OptionValue<O extends Option> = O extends { value: string }
  ? O extends { many: true }
    ? readonly string[]
    : O extends { required: true }
      ? string
      : string | undefined
  : boolean;
type WordValue<W extends Word> = W extends { optional: true } ? string | undefined : string;

/** What was typed: options and words by name. */
export type Given<O extends Options, W extends Words> = { readonly [Name in keyof O]: OptionValue<O[Name]> } & {
  readonly [Name in keyof W]: WordValue<W[Name]>;
};

/** What a command answers: `json` for programs, `words` for people. Exactly one of them is printed. */
export type Answer = { readonly json: unknown; readonly words: string };

/** Where a command speaks. Results go to `out`; everything said beside them goes to `say`. */
export type Terminal = {
  out(text: string): void;
  say(text: string): void;
  /** The whole of standard input without the line break at its end; typed blindly when a person sits there. */
  secret(what: string): Promise<string>;
};

/** One command. */
export type Command = {
  readonly is: 'command';
  readonly about: string;
  readonly options: Options;
  readonly words: Words;
  /** Commands that stay and speak for themselves have no `--json`. */
  readonly json: boolean;
  readonly run: (given: never, terminal: Terminal) => Promise<Answer | number>;
};

/** Commands under one name, such as `ban add` and `ban list`. */
export type Group = {
  readonly is: 'group';
  readonly about: string;
  readonly commands: Readonly<Record<string, Command>>;
};

/** Declares a command that answers once. */
export function command<const O extends Options, const W extends Words>(declared: {
  readonly about: string;
  readonly options?: O;
  readonly words?: W;
  readonly run: (given: Given<O, W>, terminal: Terminal) => Promise<Answer>;
}): Command {
  return { options: {}, words: {}, ...declared, is: 'command', json: true };
}

/** Declares a command that stays until it is ended; it answers its exit code. */
export function service<const O extends Options>(declared: {
  readonly about: string;
  readonly options?: O;
  readonly run: (given: Given<O, Record<never, Word>>, terminal: Terminal) => Promise<number>;
}): Command {
  return { options: {}, ...declared, words: {}, is: 'command', json: false };
}

/** Declares a group of commands. */
export function group(about: string, commands: Readonly<Record<string, Command>>): Group {
  return { is: 'group', about, commands };
}

/** The command or group that a file exports by default, if it is a file of commands. */
export function entryIn(module: Readonly<Record<string, unknown>> | undefined): Command | Group | undefined {
  const entry = module?.['default'];
  const declared = typeof entry === 'object' && entry !== null && 'is' in entry;
  return declared ? (entry as Command | Group) : undefined; // only command(), service() and group() give an `is`
}

/** What was typed cannot be meant: exit code 2. */
export class WrongUsage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUsage';
  }
}

/** Done, and used wrongly. (1, refused or failed, is for whoever catches what a command throws.) */
export const DONE = 0;
export const WRONG_USAGE = 2;

/**
 * Carries out the command that `args` name below `name`. Answers the exit code: 0, or 2 when it was used wrongly, or what a
 * service answers. What the command itself throws is passed on.
 */
export async function carryOut(
  name: string,
  entry: Command | Group,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await (entry.is === 'group' ? inGroup(name, entry, args, terminal) : once(name, entry, args, terminal));
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    terminal.say(`${error.message}\nHelp: ${name} --help\n`);
    return WRONG_USAGE;
  }
}

/** A list in two columns, as every help has it. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

async function inGroup(name: string, entry: Group, args: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...rest] = args;
  if (isHelp(word)) return help(groupHelp(name, entry), terminal);
  if (word === undefined) throw new WrongUsage(`${name}: say which: ${Object.keys(entry.commands).join(', ')}.`);
  const chosen = Object.hasOwn(entry.commands, word) ? entry.commands[word] : undefined;
  if (!chosen) throw new WrongUsage(`${name}: there is no "${word}": ${Object.keys(entry.commands).join(', ')}.`);
  return carryOut(`${name} ${word}`, chosen, rest, terminal);
}

async function once(name: string, entry: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  const end = args.indexOf('--');
  if (args.slice(0, end === -1 ? args.length : end).some(isHelp)) return help(commandHelp(name, entry), terminal);
  const { given, json } = read(name, entry, args);
  const answer = await entry.run(given as never, terminal); // read() made it to the measure of what was declared
  if (typeof answer === 'number') return answer;
  terminal.out(json ? `${JSON.stringify(answer.json)}\n` : answer.words);
  return DONE;
}

export function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

function help(text: string, terminal: Terminal): number {
  terminal.out(text);
  return DONE;
}

function read(
  name: string,
  { options, words, json }: Command,
  args: readonly string[],
): { given: Record<string, unknown>; json: boolean } {
  const { values, positionals } = parsed(name, options, json, args);
  const given: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const value = values[key];
    if (option.required && value === undefined) throw new WrongUsage(`${name}: --${key} is missing.`);
    given[key] = value ?? (option.value === undefined ? false : option.many ? [] : undefined);
  }
  const expected = Object.entries(words);
  for (const [at, [key, word]] of expected.entries()) {
    if (!word.optional && positionals[at] === undefined) throw new WrongUsage(`${name}: ${capitals(key)} is missing.`);
    given[key] = positionals[at];
  }
  const more = positionals[expected.length];
  if (more !== undefined) throw new WrongUsage(`${name}: "${more}" is one word too many.`);
  return { given, json: values['json'] === true };
}

type Typed = { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] };

function parsed(name: string, options: Options, json: boolean, args: readonly string[]): Typed {
  const known = Object.entries(options).map(([key, option]): [string, ParseArgsOptionDescriptor] => [
    key,
    { type: option.value === undefined ? 'boolean' : 'string', multiple: option.many ?? false },
  ]);
  if (json) known.push(['json', { type: 'boolean' }]);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(known), allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(`${name}: ${mistake(error)}`);
  }
}

/** What Node says of a wrong option, shortened; never the value, which may have been meant as a secret. */
function mistake(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, unknown] = /^Unknown option '(--?[\w-]+)/.exec(text) ?? [];
  if (unknown === undefined) return text.split(/\.\s/)[0]?.replace(/\.?$/, '.') ?? text;
  const secret = /pass|secret|token|key/i.test(unknown);
  return `there is no option ${unknown}.${secret ? ' A secret is never an argument, where others could read it: give it on standard input.' : ''}`;
}

function groupHelp(name: string, { about, commands }: Group): string {
  const rows = Object.entries(commands).map(([key, one]) => [usage(key, one), firstSentence(one.about)] as const);
  return `${about}\n\nUsage: ${name} COMMAND\n\n${columns(rows)}\nHelp for one: ${name} COMMAND --help\n`;
}

function commandHelp(name: string, entry: Command): string {
  const rows: (readonly [string, string])[] = [
    ...Object.entries(entry.words).map(([key, word]) => [capitals(key), word.about] as const),
    ...Object.entries(entry.options).map(([key, option]) => [shown(key, option), option.about] as const),
    ...(entry.json ? [['--json', 'prints one JSON value and nothing else'] as const] : []),
    ['--help', 'prints this'],
  ];
  return `${entry.about}\n\nUsage: ${usage(name, entry)}\n\n${columns(rows)}`;
}

function usage(name: string, { words, options }: Command): string {
  const places = Object.entries(words).map(([key, { optional }]) => (optional ? `[${capitals(key)}]` : capitals(key)));
  const needed = Object.entries(options).filter(([, { required }]) => required);
  const rest = Object.keys(options).length > needed.length ? ['[options]'] : [];
  return [name, ...places, ...needed.map(([key, option]) => shown(key, option)), ...rest].join(' ');
}

function shown(key: string, { value, many }: Option): string {
  return `--${key}${value === undefined ? '' : ` ${value}`}${many ? '…' : ''}`;
}

export function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

function capitals(name: string): string {
  return name.toUpperCase();
}
