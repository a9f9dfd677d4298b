// What modules are asked, and what becomes of their answers. They may object to details, vouch for somebody of an outside
// store, and put words at the top of an account's home; they never let anybody in, and their words are shown, never run.

import type { Actor } from '#domain/audit/actor.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { profileOf } from '#domain/clients/client-profile.ts';
import { DETAIL_FIELDS } from '#domain/clients/own-details.ts';
import type {
  AskedContact,
  AskedDetails,
  FilledInBy,
  Module,
  ModuleAlert,
  Tools,
  Verdict,
  Vouched,
} from '#domain/modules/module.ts';
import { callModule } from '#domain/modules/modules.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { invalid, Problem } from '#kit/problem.ts';
import { isMailAddress, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const CHECK_MS = seconds(5);
const VOUCH_MS = seconds(3);
const ALERT_MS = seconds(1);
/**
 * An outside store that does not answer in its time is left alone for so long: each sign-in would wait for it. One that
 * fails at once keeps nobody waiting; left alone for it, one address that it chokes on would keep everybody out.
 */
const VOUCH_PAUSE_MS = seconds(30);
const LONGEST_MESSAGE = 300;
const MOST_MESSAGES = 10;

/** Whether any module wants to be asked about details; else nobody need look up what they were. */
export function checksDetails(ctx: Context, part: 'clientDetails' | 'contactDetails'): boolean {
  return ctx.modules.all.some(({ checks }) => checks?.[part] !== undefined);
}

/**
 * Asks the modules about the details of a client: outside of a transaction, and once nothing is wrong with them that our own
 * rules refuse, so that a module is spared what it could not read.
 * Throws invalid by field, or unavailable `module-silent` where a check is broken and lets nothing through.
 */
export async function requireAcceptedDetails(ctx: Context, asked: AskedDetails): Promise<void> {
  await requireAccepted(ctx, 'clientDetails', ({ checks }, tools) => checks?.clientDetails?.(asked, tools));
}

/** The same of a contact. */
export async function requireAcceptedContact(ctx: Context, asked: AskedContact): Promise<void> {
  await requireAccepted(ctx, 'contactDetails', ({ checks }, tools) => checks?.contactDetails?.(asked, tools));
}

/** Whoever acts, as a module is told. */
export function filledInBy(actor: Actor): FilledInBy {
  switch (actor.kind) {
    case 'user':
      return 'user';
    case 'administrator':
      return 'staff';
    case 'system':
      return 'program';
    case 'stranger':
      return 'stranger';
  }
}

/** The names of the profile fields that a change makes another. */
export function changedDetails(before: ClientProfile, after: ClientProfile): (keyof ClientProfile)[] {
  const [was, is] = [profileOf(before), profileOf(after)];
  return DETAIL_FIELDS.filter((field) => oneLine(was[field]) !== oneLine(is[field]));
}

async function requireAccepted(
  ctx: Context,
  part: 'clientDetails' | 'contactDetails',
  ask: (module: Module, tools: Tools) => Verdict | Promise<Verdict>,
): Promise<void> {
  const modules = ctx.modules.all.filter(({ checks }) => checks?.[part] !== undefined);
  if (modules.length === 0) return;
  const found = await Promise.all(modules.map((module) => objectionsOf(ctx, module, part, ask)));
  const objections = found.flat();
  if (objections.length === 0) return;
  const fields: Record<string, string> = {};
  const words: Record<string, string> = {};
  for (const { field, message } of objections.slice(0, MOST_MESSAGES)) {
    fields[field] = 'module-objects';
    words[`of:${field}`] = words[`of:${field}`] === undefined ? message : `${words[`of:${field}`]} ${message}`;
  }
  throw invalid(fields, { ...words, field: objections[0]?.message ?? '' });
}

type Sentence = { readonly field: keyof ClientProfile | 'form'; readonly message: string };

async function objectionsOf(
  ctx: Context,
  module: Module,
  part: 'clientDetails' | 'contactDetails',
  ask: (module: Module, tools: Tools) => Verdict | Promise<Verdict>,
): Promise<Sentence[]> {
  const called = await callModule(ctx, module, `checks.${part}`, CHECK_MS, (tools) => ask(module, tools));
  const sentences = called.is === 'answered' ? sentencesOf(called.answer) : undefined;
  if (sentences) return sentences;
  if (called.is === 'answered')
    ctx.modules.noteFault(module, `checks.${part}`, new Error('no verdict: a text was expected'));
  if (module.whenBroken === 'let-through') return [];
  throw new Problem('unavailable', 'module-silent', { retryAfterSeconds: minutes(1) / 1000 });
}

/** The sentences of a verdict; undefined for what is none. */
function sentencesOf(verdict: unknown): Sentence[] | undefined {
  if (verdict === undefined || verdict === null || verdict === '') return [];
  if (typeof verdict === 'string') return [{ field: 'form', message: messageOf(verdict) }];
  if (Array.isArray(verdict)) {
    const each = verdict.map(sentencesOf);
    return each.some((one) => one === undefined) ? undefined : each.flatMap((one) => one ?? []);
  }
  if (typeof verdict !== 'object' || !('message' in verdict) || typeof verdict.message !== 'string') return undefined;
  const named = 'field' in verdict ? DETAIL_FIELDS.find((one) => one === verdict.field) : undefined;
  return [{ field: named ?? 'form', message: messageOf(verdict.message) }];
}

function messageOf(text: string): string {
  return oneLine(text).slice(0, LONGEST_MESSAGE);
}

const silentUntil = new WeakMap<Module, number>();

/** What an outside store knows of an address, and which module said so. */
export type Voucher = { readonly module: string; readonly vouched: Vouched };

/**
 * Asks the modules who has an address in an outside store. Call it whether or not the address is known here: how long an
 * answer takes must not tell who is. The first that knows somebody is heard; a module that fails knows nobody.
 */
export async function whoVouchesFor(ctx: Context, email: string): Promise<Voucher | undefined> {
  const modules = ctx.modules.all.filter(({ vouch }) => vouch !== undefined);
  if (modules.length === 0 || !isMailAddress(email)) return undefined;
  const answers = await Promise.all(modules.map((module) => askForVoucher(ctx, module, email)));
  return answers.find((one) => one !== undefined);
}

async function askForVoucher(ctx: Context, module: Module, email: string): Promise<Voucher | undefined> {
  if ((silentUntil.get(module) ?? 0) > ctx.now()) return undefined;
  const called = await callModule(ctx, module, 'vouch', VOUCH_MS, (tools) => module.vouch?.({ email }, tools));
  if (called.is === 'broken' && called.late) silentUntil.set(module, ctx.now() + VOUCH_PAUSE_MS);
  if (called.is === 'broken' || called.answer === undefined || called.answer === null) return undefined;
  const { firstName, lastName, passwordHash, language } = called.answer;
  if ([firstName, lastName, passwordHash, language ?? ''].every((one) => typeof one === 'string'))
    return { module: module.name, vouched: { firstName, lastName, passwordHash, language: language ?? undefined } };
  ctx.modules.noteFault(module, 'vouch', new Error('firstName, lastName, passwordHash and language are texts'));
  return undefined;
}

/** What modules put at the top of an account's home for one of its people. A module that fails says nothing. */
export async function alertsOfModules(
  ctx: Context,
  asked: { readonly clientId: number; readonly userId: number },
): Promise<ModuleAlert[]> {
  const modules = ctx.modules.all.filter(({ alerts }) => alerts !== undefined);
  const answers = await Promise.all(
    modules.map(async (module) => {
      const called = await callModule(ctx, module, 'alerts', ALERT_MS, (tools) => module.alerts?.(asked, tools));
      if (called.is === 'broken') return [];
      const answer: unknown = called.answer ?? [];
      if (Array.isArray(answer) && answer.every(isAlert)) return answer.slice(0, MOST_MESSAGES);
      ctx.modules.noteFault(module, 'alerts', new Error('a list of { tone, text, link? } was expected'));
      return [];
    }),
  );
  return answers.flat().map(({ tone, text, link }) => ({ tone, text: messageOf(text), link }));
}

function isAlert(value: unknown): value is ModuleAlert {
  if (typeof value !== 'object' || value === null || !('tone' in value) || !('text' in value)) return false;
  const link = 'link' in value ? value.link : undefined;
  return (
    typeof value.text === 'string' &&
    ['success', 'info', 'warning', 'danger'].includes(String(value.tone)) &&
    (link === undefined || typeof link === 'string')
  );
}
