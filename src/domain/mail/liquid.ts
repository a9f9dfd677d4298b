// The sandbox in which the texts that staff edit are filled in (Liquid, by liquidjs). A text can say words, put in values,
// ask and repeat; it cannot read a file, include another, reach what is behind a value, go on for ever, or put in markup:
// every value is escaped, and there is no way round it. Only this file knows the library, and it is loaded when it is needed.

import type { Liquid, Context as LiquidScope, TagToken, Template, TopLevelToken } from 'liquidjs';
import { asMarkup, BUTTON_TAG } from '#domain/mail/letter-markup.ts';
import { invalid } from '#kit/problem.ts';

/** What may stand in a text: names to texts and numbers, nothing deeper. */
export type MergeValues = Readonly<Record<string, string | number>>;

/** Why a text cannot be filled in: in English, by the library, with the line. */
export class TextFault extends Error {
  override readonly name = 'TextFault';
}

/** How a text is filled in. */
export type Filling = {
  readonly values: MergeValues;
  /** `line`: plain words, for a subject. `markup`: for `readMarkup`. */
  readonly as: 'line' | 'markup';
  /** The words of the button, where the letter has one; empty where this one happens to have none. Else `{% button %}` is a fault. */
  readonly button?: string | undefined;
  /** Whether a field that is not there is a fault; else it is empty. */
  readonly strict: boolean;
};

/** A longer text is refused before it is read. */
export const LONGEST_TEXT = 50_000;
/** A letter that comes out longer is none. */
const LONGEST_LETTER = 200_000;
const LIMITS = { parseLimit: LONGEST_TEXT, renderLimit: 100, memoryLimit: 500_000 } as const; // ms; signs and elements
/** Deeper than this nothing is read: the parser calls itself. */
const MOST_TAGS = 500;

const TAGS = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', 'raw', '#'];
const FILTERS = ['upcase', 'downcase', 'capitalize', 'append', 'prepend', 'strip', 'default', 'plus', 'minus', 'size'];

/** Fills in a text. Throws TextFault. */
export async function filledIn(source: string, filling: Filling): Promise<string> {
  const engine = await engineFor(filling.as);
  return asFault(() => {
    const templates = parsed(engine, source);
    const globals = { [BUTTON_LABEL]: filling.button };
    const strictVariables = filling.strict;
    const scope: Record<string, string | number> = Object.assign(Object.create(null), filling.values);
    const options = { globals, strictVariables, ownPropertyOnly: true };
    const text: unknown = inTime(() => engine.renderSync(templates, scope, options));
    // The length of a text that was put together piece by piece is known before it is laid out in memory.
    if (typeof text !== 'string' || text.length > LONGEST_LETTER) throw new TextFault('the letter would be too long');
    return text;
  });
}

/** The limit is one of the clock: a process that was held up just now is no fault of the text, so it is tried once more. */
function inTime(render: () => unknown): unknown {
  try {
    return render();
  } catch (error) {
    if (!/template render limit exceeded/.test(String(error))) throw error;
    return render();
  }
}

/** The fields that a text asks for, whether it comes to them or not. Throws TextFault where it cannot be read. */
export async function fieldsIn(source: string): Promise<string[]> {
  const engine = await engineFor('markup');
  return asFault(() => engine.globalVariablesSync(parsed(engine, source)));
}

/** Loads the library ahead, so that no letter waits for it. */
export async function warmLiquid(): Promise<void> {
  await engineFor('markup');
}

/** The fault of a field of a form, from a TextFault; anything else passes. */
export function asInvalid(field: string, error: unknown): Error {
  if (error instanceof TextFault) return invalid({ [field]: 'letter-text-fault' }, { what: error.message });
  return error instanceof Error ? error : new Error(String(error));
}

const BUTTON_LABEL = 'doorward button label'; // a name that no text can say

const engines = new Map<Filling['as'], Promise<Liquid>>();

function engineFor(as: Filling['as']): Promise<Liquid> {
  const known = engines.get(as) ?? makeEngine(as);
  engines.set(as, known);
  return known;
}

async function makeEngine(as: Filling['as']): Promise<Liquid> {
  const library = await import('liquidjs');
  const engine = new library.Liquid({
    ...LIMITS,
    templates: {}, // in place of any file
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    lenientIf: false,
    outputEscape: as === 'markup' ? escapeValue : countValue,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.includes(name)) delete engine.filters[name];
  // Values are escaped whether one asks for it or not; asking must not do it twice.
  engine.registerFilter('escape', (value: unknown) => value);
  engine.registerTag(
    'button',
    class extends library.Tag {
      readonly #label: InstanceType<typeof library.Value> | undefined;

      constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
        super(token, rest, liquid);
        this.#label = token.args.trim() === '' ? undefined : new library.Value(token.args, liquid);
      }

      *render(scope: LiquidScope): Generator<unknown, string, unknown> {
        const shipped: unknown = Reflect.get(scope.globals, BUTTON_LABEL);
        if (typeof shipped !== 'string') throw new Error('this letter has no link, so it can have no button');
        if (shipped === '') return '';
        const label = this.#label === undefined ? shipped : wordOf(yield this.#label.value(scope));
        return `<${BUTTON_TAG}>${asMarkup(label)}</${BUTTON_TAG}>`;
      }
    },
  );
  return engine;
}

type FilterScope = { readonly context: LiquidScope };

/** The last filter of every value in a letter. */
function escapeValue(this: FilterScope | undefined, value: unknown): string {
  return asMarkup(countValue.call(this, value));
}

/** The same in a line. What is put in is counted, so that a small text cannot come out as a huge one. */
function countValue(this: FilterScope | undefined, value: unknown): string {
  const text = wordOf(value);
  this?.context.memoryLimit.use(text.length);
  return text;
}

function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
}

function parsed(engine: Liquid, source: string): Template[] {
  if (source.length > LONGEST_TEXT) throw new TextFault('the text is too long');
  if (source.split('{%').length > MOST_TAGS) throw new TextFault('the text has too many tags');
  return engine.parse(source);
}

function asFault<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TextFault) throw error;
    throw new TextFault(error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 300) : 'unknown');
  }
}
