// testWorld(): a whole Doorward on a fresh database, with the cast. Rules are tested through its front door.

import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { addMember, addOwner } from '#domain/access/member-changes.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import { addCredential } from '#domain/administrators/api-credentials.ts';
import { listRoles, makeFirstRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { Factor } from '#domain/credentials/factor.ts';
import { secondFactorRequiredOfAdministrators } from '#domain/credentials/factors.settings.ts';
import { openPasswordHasher } from '#domain/credentials/password/hasher.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { keepSetting } from '#domain/settings/settings.ts';
import { addUser } from '#domain/users/users.ts';
import { migrate } from '#kit/database/migrate.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';
import { laterDone } from '#kit/later.ts';
import { createApp } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import { readConfig } from '#src/config.ts';
import type { OpenContext } from '#src/context.ts';
import { MIGRATIONS, openContext } from '#src/context.ts';
import type { TestDatabase } from '#tests/postgres.ts';
import { freshDatabase, templateDatabase, testPostgres } from '#tests/postgres.ts';

/** The two databases every rule is tested on. */
export const DATABASES = ['sqlite', 'postgres'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** The password of everybody in the cast. */
export const PASSWORD = 'correct horse battery staple';
/** The second factor of cleo accepts this code, once. */
export const CODE = '246810';
/** What the tests' passwords cost: the least there may be. */
export const TEST_COST = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** Runs a group of tests on both databases. */
export function onBothDatabases(name: string, tests: (database: DatabaseName) => void): void {
  for (const database of DATABASES) describe(`${name} (${database})`, () => tests(database));
}

/** Who there is: ada owns a client, ben was given access to it, cleo has a second factor, eve owns another client, root is administrator. */
export type Cast = {
  readonly ada: { readonly id: number; readonly email: string; readonly clientId: number };
  readonly ben: { readonly id: number; readonly email: string };
  readonly cleo: { readonly id: number; readonly email: string; readonly clientId: number };
  readonly eve: { readonly id: number; readonly email: string; readonly clientId: number };
  readonly root: { readonly id: number; readonly username: string };
  /** A support operator, who may do less than root. */
  readonly sam: { readonly id: number; readonly username: string };
};

export type World = {
  readonly ctx: OpenContext;
  readonly app: FastifyInstance;
  readonly database: DatabaseName;
  readonly cast: Cast;
  /** The clock of this world: it stands still until it is turned. */
  readonly clock: { now(): number; turn(ms: number): void };
  /** A browser without anything in it; `ip` is where it sits. */
  browser(options?: { ip?: string; userAgent?: string }): TestBrowser;
  /** A credential of root that may call every action. */
  credential(): Promise<{ identifier: string; secret: string }>;
  /** Calls the API as JSON with a credential; the parsed answer with its status. */
  api(action: string, values?: Readonly<Record<string, string | number>>, ip?: string): Promise<ApiAnswer>;
  /** The newest letter to an address as it would leave, with its link. */
  letterTo(address: string): Promise<{ subject: string; text: string; link: string }>;
  close(): Promise<void>;
};

/** An answer of the API. */
export type ApiAnswer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly raw: LightMyRequestResponse;
};

/** What a world may be made with. */
export type WorldOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cast?: false;
  /** The instant at which the clock stands. */
  readonly start?: number;
  /** How long to wait for a lock that somebody else has in the database. */
  readonly databasePatienceMs?: number;
};

/** Makes a world. Close it in an `after` hook. */
export async function testWorld(database: DatabaseName, options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-'));
  const fresh = database === 'postgres' ? await migratedDatabase() : undefined;
  if (database === 'sqlite') await copyFile(await migratedFile(), join(folder, 'doorward.db'));
  let now = options.start ?? Date.UTC(2026, 5, 1, 12);
  const config: Config = readConfig({
    DOORWARD_DATA: folder,
    DOORWARD_LOG: 'json',
    ...(fresh ? { DOORWARD_DATABASE_URL: fresh.url } : {}),
    ...options.environment,
  });
  const spent = new Set<number>();
  const ctx = await openContext(config, {
    now: () => now,
    logger: pino({ level: process.env['DOORWARD_TEST_LOG'] ?? 'silent' }),
    passwordCost: TEST_COST,
    moreFactors: [cleosFactor(spent)],
    ...(options.databasePatienceMs === undefined ? {} : { databasePatienceMs: options.databasePatienceMs }),
  });
  const app = await createApp(ctx);
  await app.ready();
  const cast = options.cast === false ? NOBODY : await makeCast(ctx);
  let credential: Promise<{ identifier: string; secret: string }> | undefined;
  const world: World = {
    ctx,
    app,
    database,
    cast,
    clock: {
      now: () => now,
      turn: (ms) => {
        now += ms;
      },
    },
    browser: (given) => testBrowser(app, given?.ip ?? '127.0.0.1', given?.userAgent ?? 'Test browser'),
    credential: () => {
      credential ??= addCredential(ctx, systemActor('Test'), {
        administratorId: cast.root.id,
        description: 'test',
        roleIds: [],
        everyAction: true,
        allowedAddresses: [],
        expiresAt: undefined,
      });
      return credential;
    },
    api: async (action, values = {}, ip = '127.0.0.1') => {
      const { identifier, secret } = await world.credential();
      const fields = Object.entries({ identifier, secret, action, responsetype: 'json', ...values }).map(([k, v]) => [
        k,
        String(v),
      ]);
      const raw = await app.inject({
        method: 'POST',
        url: '/includes/api.php',
        remoteAddress: ip,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      });
      return { status: raw.statusCode, body: raw.json(), raw };
    },
    letterTo: async (address) => {
      const newest = (await letterHistory(ctx, {}, { limit: 50 })).find((letter) => letter.to === address);
      if (!newest) throw new Error(`no letter to ${address}`);
      const { subject, text } = await liveLetterOf(ctx, newest.id);
      return { subject, text, link: /https?:\/\/\S+/.exec(text)?.[0] ?? '' };
    },
    close: async () => {
      await app.close();
      await laterDone();
      await ctx.close();
      await fresh?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/** A database of this version, copied from one that was migrated once in this run. */
async function migratedDatabase(): Promise<TestDatabase> {
  const server = await testPostgres();
  const template = await templateDatabase(server, 'doorward', async (url) => {
    const database = openPostgres(url, () => {});
    await migrate(database, MIGRATIONS, Date.now);
    await database.close();
  });
  return freshDatabase(server, { template });
}

let migrated: Promise<string> | undefined;

/** A file of this version, migrated once in this process; it goes when the process ends. */
function migratedFile(): Promise<string> {
  migrated ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doorward-template-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'doorward.db');
    const database = openSqlite(file);
    await migrate(database, MIGRATIONS, Date.now);
    await database.close();
    return file;
  })();
  return migrated;
}

/** The profile of a made-up client; enough to pass every required field. */
export function profile(over: Partial<ClientProfile> = {}): ClientProfile {
  return {
    firstName: 'Ada',
    lastName: 'Lovelace',
    companyName: '',
    email: 'ada@example.test',
    address1: '12 Placeholder Road',
    address2: '',
    city: 'Sampletown',
    state: 'Sampleshire',
    postcode: 'AB12 3CD',
    country: 'GB',
    phoneNumber: '+44.2079460000',
    taxId: '',
    ...over,
  };
}

let sealed: Promise<string> | undefined;

/** The hash of PASSWORD, made once. */
export function sealedPassword(): Promise<string> {
  sealed ??= (async () => {
    const hasher = openPasswordHasher({ cost: TEST_COST, threads: 1 });
    const hash = await hasher.seal(PASSWORD);
    await hasher.close();
    return hash;
  })();
  return sealed;
}

async function makeCast(ctx: OpenContext): Promise<Cast> {
  const passwordHash = await sealedPassword();
  const actor = systemActor('Test');
  return ctx.transaction(async (tx) => {
    await makeFirstRoles(tx);
    await keepSetting(tx, secondFactorRequiredOfAdministrators, false); // clocks are turned by weeks here
    const roles = await listRoles(tx);
    const roleId = (name: string): number => roles.find((role) => role.name === name)?.id ?? 0;
    const staff = (username: string, role: string) =>
      addAdministrator(tx, actor, {
        roleId: roleId(role),
        username,
        firstName: username,
        lastName: 'Staff',
        email: `${username}@staff.example.test`,
        passwordHash,
      });
    const user = (firstName: string, lastName: string) =>
      addUser(tx, actor, { firstName, lastName, email: `${firstName.toLowerCase()}@example.test`, passwordHash });
    const owner = async (firstName: string, lastName: string, companyName: string) => {
      const email = `${firstName.toLowerCase()}@example.test`;
      const id = await user(firstName, lastName);
      const clientId = await addClient(tx, actor, profile({ firstName, lastName, email, companyName }));
      await addOwner(tx, actor, id, clientId);
      return { id, email, clientId };
    };
    const root = { id: await staff('root', 'Full Administrator'), username: 'root' };
    const sam = { id: await staff('sam', 'Support Operator'), username: 'sam' };
    const ada = await owner('Ada', 'Lovelace', 'Analytical Engines Ltd');
    const cleo = await owner('Cleo', 'Patra', '');
    const eve = await owner('Eve', 'Adams', 'Other Company');
    const ben = { id: await user('Ben', 'Guest'), email: 'ben@example.test' };
    const granted: AccessPermission[] = ['products', 'tickets'];
    await addMember(tx, actor, ben.id, ada.clientId, granted);
    return { ada, ben, cleo, eve, root, sam };
  });
}

const NOBODY: Cast = {
  ada: { id: 0, email: '', clientId: 0 },
  ben: { id: 0, email: '' },
  cleo: { id: 0, email: '', clientId: 0 },
  eve: { id: 0, email: '', clientId: 0 },
  root: { id: 0, username: 'root' },
  sam: { id: 0, username: 'sam' },
};

/** A second factor beside the real ones, so that tests need no clock of an authenticator: set up by cleo alone, its one code works once. */
function cleosFactor(spent: Set<number>): Factor {
  return {
    name: 'test-factor',
    strength: 0,
    asks: 'code',
    isSpare: false,
    isOffered: async () => false,
    isSetUp: async (ctx, holder) => {
      if (holder.kind !== 'user') return false;
      const row = await ctx.db.selectFrom('users').select('email').where('id', '=', holder.id).executeTakeFirst();
      return row?.email === 'cleo@example.test';
    },
    check: async (_ctx, holder, { text }) => {
      if (text !== CODE) return undefined;
      return async () => !spent.has(holder.id) && spent.add(holder.id).has(holder.id);
    },
  };
}

/** A browser that speaks to the app without a network: cookies kept, forms sent with their token. */
export type TestBrowser = {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  /** Opens the page and posts its form with the token it holds. `from`: the page, when it is not the address posted to. */
  post(
    path: string,
    fields?: Fields,
    options?: { from?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<LightMyRequestResponse>;
  /** Posts just these fields, without looking at a page first. */
  postRaw(path: string, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  /** Signs in to the client area (an address) or the admin area (a user name). */
  signIn(name: string, password?: string): Promise<LightMyRequestResponse>;
};

/** Fields of a form; a list is sent as repeated names. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

function testBrowser(app: FastifyInstance, ip: string, userAgent: string): TestBrowser {
  const cookies = new Map<string, string>();
  const send = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>, payload?: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await app.inject({
      method,
      url,
      remoteAddress: ip,
      headers: { 'user-agent': userAgent, ...(cookie ? { cookie } : {}), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const one of answer.cookies) {
      if (one.value === '' || (one.expires && one.expires.getTime() === 0)) cookies.delete(one.name);
      else cookies.set(one.name, one.value);
    }
    return answer;
  };
  const form = (fields: Fields): string => {
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) text.append(name, one);
    return text.toString();
  };
  const browser: TestBrowser = {
    cookies,
    get: (path, headers = {}) => send('GET', path, { ...headers }),
    postRaw: (path, fields, headers = {}) =>
      send('POST', path, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, form(fields)),
    async post(path, fields = {}, options = {}) {
      const page = await browser.get(options.from ?? path);
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
      return browser.postRaw(path, { csrf, ...fields }, { 'sec-fetch-site': 'same-origin', ...options.headers });
    },
    signIn: (name, password = PASSWORD) =>
      name.includes('@')
        ? browser.post('/login', { email: name, password })
        : browser.post('/admin/login', { username: name, password }),
  };
  return browser;
}
