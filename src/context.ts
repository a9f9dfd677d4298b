// Context: what every rule is given. Opening it opens the database, brings it to this version and finds the settings.

import { chmod, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { ActiveItems } from '#domain/clients/active-items.ts';
import type { Factor } from '#domain/credentials/factor.ts';
import type { Argon2Cost, PasswordHasher } from '#domain/credentials/password/hasher.ts';
import { openPasswordHasher } from '#domain/credentials/password/hasher.ts';
import { passwordCost } from '#domain/credentials/password-cost.ts';
import type { LetterTemplate } from '#domain/mail/letter-template.ts';
import { isLetterTemplate } from '#domain/mail/letter-template.ts';
import type { Modules } from '#domain/modules/modules.ts';
import { openModules } from '#domain/modules/modules.ts';
import type { Setting } from '#domain/settings/setting.ts';
import type { Database, Queries } from '#kit/database/database.ts';
import { migrate } from '#kit/database/migrate.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';
import { discover } from '#kit/discover.ts';
import type { Bus, Subscriber } from '#kit/events.ts';
import { openBus } from '#kit/events.ts';
import { importOperatorCode } from '#kit/operator-code.ts';
import type { Seal } from '#kit/secret.ts';
import { openSeal, randomToken } from '#kit/secret.ts';
import type { Snapshots } from '#kit/snapshots.ts';
import { openSnapshots } from '#kit/snapshots.ts';
import type { Config } from '#src/config.ts';
import { databaseFile } from '#src/config.ts';

/** What every rule is given. The `ctx` of a transaction is one of its own: inside, use only that. */
export type Context = {
  readonly config: Config;
  readonly dialect: Database['dialect'];
  readonly db: Queries;
  readonly log: Logger;
  readonly seal: Seal;
  readonly passwords: PasswordHasher;
  readonly snapshots: Snapshots;
  readonly bus: Bus<Context>;
  /** The operator's own code. */
  readonly modules: Modules;
  /** Every second factor found in the topics. */
  readonly factors: readonly Factor[];
  /** Every topic that knows of services or domains in use. */
  readonly activeItems: readonly ActiveItems[];
  /** Every setting found in the topics, by name. */
  readonly settings: ReadonlyMap<string, Setting<unknown>>;
  /** Every letter found in the topics whose text staff may edit, by kind. */
  readonly letterTemplates: ReadonlyMap<string, LetterTemplate>;
  /** Milliseconds since 1970 UTC. Tests stop and turn it. */
  now(): number;
  /**
   * Runs `work` in a transaction: all of it or nothing. Inside another transaction it joins that one; when it fails there,
   * the whole is undone, also where the failure was caught in between.
   * Nothing slow belongs inside: no hash, no letter sent, no request made.
   */
  transaction<T>(work: (tx: Context) => Promise<T>): Promise<T>;
  /** Runs `work` once the transaction is durable; outside a transaction, at once. */
  afterCommit(work: () => void): void;
  /** How many statements ran so far: tests count them. */
  statementCount(): number;
};

/** A Context that can be closed. */
export type OpenContext = Context & { close(): Promise<void> };

/** What tests may change. */
export type OpenOptions = {
  readonly now?: () => number;
  readonly migrate?: boolean;
  readonly logger?: Logger;
  /** Second factors beside those that were found. */
  readonly moreFactors?: readonly Factor[];
  readonly passwordCost?: Argon2Cost;
  /** How long to wait for a lock of another process. */
  readonly databasePatienceMs?: number;
};

const HERE = new URL('./', import.meta.url);
/** The folder of migrations. */
export const MIGRATIONS: URL = new URL('../migrations/', HERE);

/** Opens everything. The database is brought to this version unless told otherwise. */
export async function openContext(config: Config, options: OpenOptions = {}): Promise<OpenContext> {
  const now = options.now ?? Date.now;
  const log = options.logger ?? openLog(config);
  const database = await openDatabase(config, log, options.databasePatienceMs);
  try {
    const seal = openSeal(config.secretKey ?? (await keyFile(config.dataFolder)));
    if (options.migrate !== false) await bringUpToDate(database, log, now);
    return await assemble(config, database, seal, log, now, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens the database alone, as it is: neither migrated nor looked at. Makes the data folder where it is missing. */
export async function openDatabase(config: Config, log: Logger, patienceMs?: number): Promise<Database> {
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  if (config.databaseUrl)
    return openPostgres(
      config.databaseUrl,
      (error) => log.warn({ err: error }, 'a database connection was lost'),
      patienceMs,
    );
  const database = openSqlite(databaseFile(config), patienceMs);
  await chmod(databaseFile(config), 0o600);
  return database;
}

async function bringUpToDate(database: Database, log: Logger, now: () => number): Promise<void> {
  const applied = await migrate(database, MIGRATIONS, now);
  if (applied.length > 0) log.info({ applied }, 'the database was brought to this version');
}

async function assemble(
  config: Config,
  database: Database,
  seal: Seal,
  log: Logger,
  now: () => number,
  options: OpenOptions,
): Promise<OpenContext> {
  const [settings, bus, factors, activeItems, letterTemplates, operatorCode] = await Promise.all([
    findSettings(),
    findSubscribers(),
    findFactors(),
    findActiveItems(),
    findLetterTemplates(),
    importOperatorCode(config.modulesFolder, { doorward: new URL('module.ts', HERE) }),
  ]);
  const base = {
    config,
    dialect: database.dialect,
    log,
    seal,
    snapshots: openSnapshots(),
    bus,
    modules: openModules(operatorCode, bus.toldOutside, () => ctx),
    factors: [...factors, ...(options.moreFactors ?? [])],
    activeItems,
    settings,
    letterTemplates,
    now,
    statementCount: () => database.statementCount(),
  };
  const passwords = openPasswordHasher({
    cost: options.passwordCost ?? (await passwordCost({ ...base, db: database.queries })),
    expectsImports: options.passwordCost === undefined,
  });
  const ctx: OpenContext = {
    ...base,
    passwords,
    db: database.queries,
    afterCommit: (work) => work(),
    transaction: (work) => inTransaction(ctx, database, work),
    close: async () => {
      await passwords.close();
      await database.close();
    },
  };
  return ctx;
}

async function inTransaction<T>(ctx: Context, database: Database, work: (tx: Context) => Promise<T>): Promise<T> {
  let after: (() => void)[] = [];
  const value = await database.transaction(async (queries) => {
    after = []; // a transaction that was tried again starts anew
    const joined: { failure?: unknown } = {};
    const tx: Context = {
      ...ctx,
      db: queries,
      afterCommit: (later) => after.push(later),
      transaction: (inner) => joinedTo(joined, () => inner(tx)),
    };
    const done = await work(tx);
    // What joined and failed may have written half of what it meant to: whoever swallowed that does not keep the half.
    if ('failure' in joined) throw joined.failure;
    return done;
  });
  for (const later of after) afterwards(ctx, later);
  return value;
}

async function joinedTo<T>(joined: { failure?: unknown }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    joined.failure ??= error;
    throw error;
  }
}

/** What fails after the commit is our fault and no reason to say that nothing was done. */
function afterwards(ctx: Context, later: () => void): void {
  try {
    later();
  } catch (error) {
    ctx.log.error({ err: error }, 'something failed after a transaction was committed');
  }
}

/** Finds every *.settings.ts; two settings of one name stop the start. */
export async function findSettings(): Promise<Map<string, Setting<unknown>>> {
  const found = await discover(new URL('domain/', HERE), '.settings.ts');
  const settings = new Map<string, Setting<unknown>>();
  for (const file of found) {
    for (const one of Object.values(file.module).filter(isSetting)) {
      if (settings.has(one.name)) throw new Error(`two settings are called ${one.name} (one in ${file.path})`);
      settings.set(one.name, one);
    }
  }
  return settings;
}

function isSetting(value: unknown): value is Setting<unknown> {
  return typeof value === 'object' && value !== null && 'name' in value && 'kind' in value && 'fallback' in value;
}

/** An export that is a list of several, by name, stands for all of them. */
function listed(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null && !isLetterTemplate(value) ? Object.values(value) : [value];
}

/** Finds every template in the *.mail.ts; two of one kind or name stop the start. */
export async function findLetterTemplates(): Promise<Map<string, LetterTemplate>> {
  const found = await discover(new URL('domain/', HERE), '.mail.ts');
  const templates = new Map<string, LetterTemplate>();
  for (const one of found.flatMap((file) => Object.values(file.module).flatMap(listed)).filter(isLetterTemplate)) {
    if ([...templates.values()].some((other) => other.kind === one.kind || other.name === one.name))
      throw new Error(`two letters are called ${one.kind} or ${one.name}`);
    templates.set(one.kind, one);
  }
  return templates;
}

async function findFactors(): Promise<Factor[]> {
  const found = await discover(new URL('domain/', HERE), '.factor.ts');
  return found.map((file) => file.module['default'] as Factor); // a factor file exports one by default
}

async function findActiveItems(): Promise<ActiveItems[]> {
  const found = await discover(new URL('domain/', HERE), '.active-items.ts');
  return found.map((file) => file.module['default'] as ActiveItems); // such a file exports one by default
}

async function findSubscribers(): Promise<Bus<Context>> {
  const [found, events] = await Promise.all([
    discover(new URL('domain/', HERE), '.subscriber.ts'),
    discover(new URL('domain/', HERE), '.events.ts'),
  ]);
  const subscribers = found.flatMap((file) => Object.values(file.module) as Subscriber<Context>[]); // likewise
  return openBus(
    subscribers,
    events.flatMap((file) => Object.values(file.module)),
  );
}

/** The key that seals secrets at rest: made once, readable by nobody else. */
async function keyFile(folder: string): Promise<string> {
  const path = join(folder, 'secret.key');
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const draft = join(folder, `secret.key.${process.pid}`);
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${randomToken(32)}\n`);
  await file.sync();
  await file.close();
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process was first: its key holds
  });
  await unlink(draft);
  return (await readFile(path, 'utf8')).trim();
}

function openLog(config: Config): Logger {
  const options = { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (config.log === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { destination: 2, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' },
    },
  });
}
