// Reading settings. A request sees what was stored at most a second ago, and this process's own changes at once.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { SealedText, Setting } from '#domain/settings/setting.ts';
import { dropSetting, lockSettings, putSetting, storedSettings } from '#domain/settings/settings.table.ts';
import { seconds } from '#kit/duration.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What reading a setting needs of a Context. */
export type SettingsReader = Pick<Context, 'snapshots' | 'db' | 'now'>;

const SNAPSHOT = 'settings';
const AGE = seconds(1);
/** The most characters of a secret as typed. */
const LONGEST_SECRET = 500;
/** In place of a secret among texts: there is one. Given back, it stays as it is. */
export const SECRET_KEPT = '(kept, not shown)';
type Stored = ReadonlyMap<string, string>;

/** The value of a setting: what is stored, else its default. A stored text that no longer fits counts as not stored. */
export async function settingOf<T>(ctx: SettingsReader, setting: Setting<T>): Promise<T> {
  const now = ctx.now();
  const stored =
    ctx.snapshots.known<Stored>(SNAPSHOT, now, AGE) ??
    (await ctx.snapshots.get(SNAPSHOT, now, AGE, () => storedSettings(ctx)));
  return valueIn(stored, setting);
}

/**
 * A secret, opened; undefined where none is kept, or where it was sealed by another key than the installation has now.
 * For the one call that needs it, and for no page or log.
 */
export async function secretOf(
  ctx: SettingsReader & Pick<Context, 'seal'>,
  setting: Setting<SealedText>,
): Promise<string | undefined> {
  const { sealed } = await settingOf(ctx, setting);
  return sealed === '' ? undefined : ctx.seal.open(SEALED_FOR, sealed, setting.name);
}

const SEALED_FOR = 'setting';

/** Every setting on the form with its value as text, in the order of their names. Of a secret only whether there is one. */
export async function settingTexts(ctx: Context): Promise<ReadonlyMap<string, string>> {
  const shown = [...ctx.settings.values()].filter((one) => !one.hidden).sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = new Map<string, string>();
  for (const one of shown) {
    const text = one.kind.write(await settingOf(ctx, one));
    texts.set(one.name, isSecret(one) && text !== '' ? SECRET_KEPT : text);
  }
  return texts;
}

/** Whether a setting is kept sealed and never shown. */
export function isSecret({ kind }: { readonly kind: Pick<Setting<unknown>['kind'], 'shown'> }): boolean {
  return kind.shown === 'secret';
}

/**
 * Changes settings from what an administrator typed, all or none. Names what is unknown; refuses what does not fit by
 * `invalid({ name: code })`. Answers the names that really changed.
 */
export async function changeSettings(
  ctx: Context,
  actor: Actor,
  given: Readonly<Record<string, string>>,
): Promise<string[]> {
  const read = Object.entries(given)
    .map(([name, text]) => ({ setting: shownSetting(ctx, name), text }))
    .filter(({ setting, text }) => !(isSecret(setting) && text === SECRET_KEPT));
  const faults = read.flatMap(({ setting, text }) => {
    if (isSecret(setting) && text.length > LONGEST_SECRET) return [[setting.name, 'setting-too-long'] as const];
    const result = setting.kind.read(text);
    return 'fault' in result ? [[setting.name, result.fault] as const] : [];
  });
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
  return ctx.transaction(async (tx) => {
    await lockSettings(tx);
    const stored = await storedSettings(tx);
    const changed: string[] = [];
    for (const { setting, text } of read) {
      const result = setting.kind.read(isSecret(setting) ? sealedText(tx, setting, text) : text);
      if ('value' in result && (await store(tx, actor, stored, setting, result.value))) changed.push(setting.name);
    }
    forgetKept(tx);
    return changed;
  });
}

/**
 * Changes one setting from what it is at this moment, so that of two who add a line at once both have theirs. Answers
 * whether it became another. `adjust` may throw to refuse.
 */
export async function adjustSetting<T>(
  ctx: Context,
  actor: Actor,
  setting: Setting<T>,
  adjust: (value: T) => T,
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    await lockSettings(tx);
    const stored = await storedSettings(tx);
    const changed = await store(tx, actor, stored, setting, adjust(valueIn(stored, setting)));
    forgetKept(tx);
    return changed;
  });
}

/** Keeps a value that Doorward found out itself, such as a measured cost. No audit line; not for what people decide. */
export async function keepSetting<T>(
  ctx: SettingsReader & Partial<Pick<Context, 'afterCommit'>>,
  setting: Setting<T>,
  value: T,
): Promise<void> {
  await putSetting(ctx, setting.name, setting.kind.write(value));
  ctx.snapshots.forget(SNAPSHOT);
  ctx.afterCommit?.(() => ctx.snapshots.forget(SNAPSHOT));
}

/** An empty text takes the secret away. Each sealing is another text, so the same secret typed again counts as changed. */
function sealedText(tx: Context, setting: Setting<unknown>, typed: string): string {
  const text = oneLine(typed).trim();
  return text === '' ? '' : tx.seal.seal(SEALED_FOR, text, setting.name);
}

function valueIn<T>(stored: ReadonlyMap<string, string>, setting: Setting<T>): T {
  const text = stored.get(setting.name);
  if (text === undefined) return setting.fallback;
  const before = lastRead.get(setting);
  if (before?.text === text) return before.value as T; // read below, from the same setting
  const read = setting.kind.read(text);
  const value = 'value' in read ? read.value : setting.fallback;
  lastRead.set(setting, { text, value });
  return value;
}

/** The value of each setting as last read: every request asks for some, and a list of addresses takes long to read. */
const lastRead = new WeakMap<object, { readonly text: string; readonly value: unknown }>();

/** Stores a value that is another than the one before, with its line in the log; a default is kept by storing nothing. */
async function store<T>(
  tx: Context,
  actor: Actor,
  stored: ReadonlyMap<string, string>,
  setting: Setting<T>,
  value: T,
): Promise<boolean> {
  const fresh = setting.kind.write(value);
  const usual = setting.kind.write(setting.fallback);
  const before = stored.get(setting.name) ?? usual;
  if (fresh === before) return false;
  if (fresh === usual) await dropSetting(tx, setting.name);
  else await putSetting(tx, setting.name, fresh);
  await audit(tx, actor, {
    event: 'settings.changed',
    description: `The setting ${setting.name} was changed`,
    details: isSecret(setting)
      ? { name: setting.name, isKept: fresh !== '' }
      : { name: setting.name, before, after: fresh },
  });
  return true;
}

/** At once for this transaction, which may go on to read what it changed; for everybody once it is durable. */
function forgetKept(tx: Context): void {
  tx.snapshots.forget(SNAPSHOT);
  tx.afterCommit(() => tx.snapshots.forget(SNAPSHOT));
}

function shownSetting(ctx: Context, name: string): Setting<unknown> {
  const setting = ctx.settings.get(name);
  if (!setting || setting.hidden) throw notFound('setting-not-found');
  return setting;
}
