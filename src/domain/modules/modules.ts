// The modules of this process: which there are, and calling them so that a fault of theirs stays theirs: it is caught,
// logged and counted, and whoever waits for a page never sees it as a fault of ours.

import type { Module, Tools } from '#domain/modules/module.ts';
import { isModule } from '#domain/modules/module.ts';
import { refuseInsideTransaction } from '#kit/database/database.ts';
import { seconds } from '#kit/duration.ts';
import type { Told } from '#kit/events.ts';
import { later } from '#kit/later.ts';
import type { OperatorFile } from '#kit/operator-code.ts';
import { OperatorCodeFault } from '#kit/operator-code.ts';
import type { Context } from '#src/context.ts';

/** How long a module has for an event; what it is asked has times of its own, since somebody waits. */
export const HEARING_MS = seconds(10);
/** So many events may wait for one module; what comes beyond is lost to it, logged and counted. */
export const MOST_WAITING = 1000;

/** The modules, and what went wrong in them since the start. */
export type Modules = {
  readonly all: readonly Module[];
  /** Faults by module and part, such as `vat checks.clientDetails`. */
  readonly faults: ReadonlyMap<string, number>;
  /** Counts a fault and logs it with its cause. */
  noteFault(module: Module, part: string, cause: unknown): void;
  /** Lets every module that listens hear of it after this, one event after the other. */
  tell(name: string, told: Told): void;
};

/** What came of a call: an answer, or a fault that is noted already. `late`: it took all the time that it had. */
export type Called<Answer> =
  | { readonly is: 'answered'; readonly answer: Answer }
  | { readonly is: 'broken'; readonly late: boolean };

/**
 * Opens the modules of files. `events`: the names of all there are. `ctx` gives the open context, once there is one. Throws
 * OperatorCodeFault for a file that exports no module, two of one name, and an event that is none.
 */
export function openModules(files: readonly OperatorFile[], events: readonly string[], ctx: () => Context): Modules {
  const all = files.map(moduleOf);
  requireSound(all, events);
  const faults = new Map<string, number>();
  const ears = new Map(all.filter(({ on }) => on).map((one) => [one, openEar(one, ctx)]));
  return {
    all,
    faults,
    noteFault(module, part, cause) {
      const what = `${module.name} ${part}`;
      faults.set(what, (faults.get(what) ?? 0) + 1);
      ctx().log.error({ err: cause, module: module.name, part }, 'a module of the operator failed');
    },
    tell(name, told) {
      for (const [module, hear] of ears) if (Object.hasOwn(module.on ?? {}, name)) hear(name, told);
    },
  };
}

/**
 * Calls a part of a module that has `withinMs` to answer. Never throws. Not inside a transaction: what waits for the
 * operator's code would hold up every other write.
 */
export async function callModule<Answer>(
  ctx: Context,
  module: Module,
  part: string,
  withinMs: number,
  work: (tools: Tools) => Answer | Promise<Answer>,
): Promise<Called<Answer>> {
  refuseInsideTransaction();
  const limit = new AbortController();
  const log = ctx.log.child({ module: module.name });
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error(`no answer within ${withinMs} ms`));
    }, withinMs);
  });
  try {
    const asked = (async () => work({ ctx, log, signal: limit.signal }))();
    return { is: 'answered', answer: await Promise.race([asked, overdue]) };
  } catch (error) {
    ctx.modules.noteFault(module, part, error);
    return { is: 'broken', late };
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

function moduleOf({ name, exports }: OperatorFile): Module {
  const module = exports['default'];
  if (isModule(module)) return module;
  throw new OperatorCodeFault([
    `The module ${name} does not export by default what defineModule makes: mend it, or begin its name with _ to leave it out.`,
  ]);
}

function requireSound(all: readonly Module[], events: readonly string[]): void {
  const twice = all.find((one, at) => all.findIndex((other) => other.name === one.name) !== at);
  if (twice) throw new OperatorCodeFault([`Two modules are called ${twice.name}.`]);
  for (const { name, on = {} } of all) {
    const unknown = Object.keys(on).find((event) => !events.includes(event));
    if (unknown !== undefined)
      throw new OperatorCodeFault([`The module ${name} listens to ${unknown}, which is no event.`]);
  }
}

/** A module hears in the order in which things happened, so one at a time. */
function openEar(module: Module, ctx: () => Context): (name: string, told: Told) => void {
  const waiting: { readonly name: string; readonly told: Told }[] = [];
  let listens = false;
  const listen = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, told } = next;
      await callModule(ctx(), module, name, HEARING_MS, (tools) => module.on?.[name]?.(told, tools));
    }
    listens = false;
  };
  return (name, told) => {
    if (waiting.length >= MOST_WAITING) return ctx().modules.noteFault(module, name, new Error('too many events wait'));
    waiting.push({ name, told });
    if (listens) return;
    listens = true;
    later(listen, () => {}); // callModule throws nothing
  };
}
