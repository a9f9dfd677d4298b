// Walk every API response as each role: no secret, hash, TOTP seed, token (authentik CVE-2026-40166; Logto a1e0f2b).
// Recognisable secrets are planted wherever the database or the configuration keeps one. Then every page is opened and every
// action is called by everybody there is, and each answer, header and log line is searched for each of them, however written.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { pino } from 'pino';
import { findActions } from '#api/found-actions.ts';
import { addMember } from '#domain/access/member-changes.ts';
import { offerOwnership } from '#domain/access/ownership-offers.ts';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import { addCredential, saveApiRole } from '#domain/administrators/api-credentials.ts';
import { addRole, listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { draftBackupCodes, keepBackupCodes, sealBackupCodes } from '#domain/credentials/backup-codes.ts';
import { addQuestion, sealAnswer, storeAnswer } from '#domain/credentials/security-questions.ts';
import { banEmail } from '#domain/guard/banned-emails.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { sendAdministratorPasswordLink, sendPasswordLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { addTemplate } from '#domain/mail/template-changes.ts';
import { requestEmailChange } from '#domain/self-service/email-change.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { makePin } from '#domain/support/pins.ts';
import { addUser, changeUser } from '#domain/users/users.ts';
import { sendVerification } from '#domain/verification/verification.ts';
import { addWebhook, renewSecret, sendTest } from '#domain/webhooks/webhooks.ts';
import { md5Hex, randomHex } from '#kit/secret.ts';
import { findPages } from '#src/app.ts';
import { giveApp } from '#tests/factors.ts';
import type { Records } from '#tests/records.ts';
import { addRecords } from '#tests/records.ts';
import { CLIENT, offer as offerProvider } from '#tests/sign-in-providers.ts';
import { addSignInRecords } from '#tests/sign-in-records.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const DUO_SECRET = 'DuoSecretOfNobodyAtAllDuoSecretOfNobody1';
const ENVIRONMENT = {
  DOORWARD_SMTP_URL: 'smtp://mailer:smtp-password-7Qx1Lw@127.0.0.1:9',
  DOORWARD_API_ACCESS_KEY: 'access-key-4Hn8Vd2Kp6',
  DOORWARD_AUTOAUTH_KEY: 'autoauth-key-9Zt3Bm5Rc7',
  DOORWARD_METRICS_TOKEN: 'metrics-token-2Yw6Js8Fg4',
};
/** Fewer characters are found by chance. */
const SHORTEST = 10;
/** Columns whose texts open something, or help whoever guesses, wherever a table has one; a new one is found by its name. */
const SECRET_COLUMN = /hash|secret|sealed|seed|token|(?:^|_)mac$/;

onBothDatabases('walk every answer as each role', (database) => {
  let world: World;
  let records: Records;
  let ids: Readonly<Record<string, number>>;
  const lines: string[] = [];
  const secrets = new Map<string, string>();
  const columns = new Set<string>();
  const answers = new Map<string, string>();
  const walkers = new Map<string, TestBrowser>();

  const secret = (what: string, text: string): string => {
    assert.ok(text.length >= SHORTEST, `${what} is too short to be recognised`);
    secrets.set(text, what);
    return text;
  };

  before(async () => {
    world = await testWorld(database, { environment: ENVIRONMENT });
    listen();
    await plant();
    await enterAll();
  });
  after(() => world.close());

  /** Every line of the log, whatever its level. */
  function listen(): void {
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    for (const level of ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const)
      world.ctx.log[level] = logger[level].bind(logger);
  }

  async function plant(): Promise<void> {
    const { ctx, cast } = world;
    for (const [name, value] of Object.entries(ENVIRONMENT)) secret(name, value);
    secret('the SMTP password', 'smtp-password-7Qx1Lw');
    secret('the key of the installation', (await readFile(join(ctx.config.dataFolder, 'secret.key'), 'utf8')).trim());
    secret('the password of the cast', PASSWORD);
    await changeSettings(ctx, SYSTEM, {
      'duo-users': 'on',
      'duo-administrators': 'on',
      'duo-client-id': 'DIXXXXXXXXXXXXXXXXXX',
      'duo-client-secret': secret('the secret at Duo', DUO_SECRET),
      'duo-api-host': 'api-5taad1ne.duosecurity.com',
      'captcha-secret-key': secret('the key of the captcha', 'captcha-secret-0Pz4Nq8Xe2'),
      'security-questions': 'on',
      'registration-open': 'on',
      'email-verification': 'on',
    });

    // A password of every format, each of somebody whom ada's pages and those of staff name.
    const bcrypt = (version: string): string => `$2${version}$10$${randomHex(27).slice(0, 53)}`;
    const hashes = {
      bcrypty: bcrypt('y'),
      bcryptb: bcrypt('b'),
      bcrypta: bcrypt('a'),
      plainmd5: randomHex(16),
      saltedmd5: `${randomHex(16)}:saltOfSomebody77`,
    };
    for (const [name, passwordHash] of Object.entries(hashes)) {
      const person = { firstName: name, lastName: 'Imported', email: `${name}@example.test` };
      const id = await addUser(ctx, SYSTEM, { ...person, passwordHash: secret(`the ${name} hash`, passwordHash) });
      await addMember(ctx, SYSTEM, id, cast.ada.clientId, ['products']);
    }

    // Second factors of a customer and of staff, with all that stands in for them.
    const owners = [
      { kind: 'user', id: cast.ada.id },
      { kind: 'administrator', id: cast.root.id },
    ] as const;
    for (const holder of owners) {
      const app = await giveApp(world, holder);
      secret(`the seed of ${holder.kind}`, app.seed);
      const { codes, draft } = draftBackupCodes(ctx, holder, 'browser');
      const sealed = await sealBackupCodes(ctx, { holder, browser: 'browser' }, draft);
      await ctx.transaction((tx) => keepBackupCodes(tx, SYSTEM, holder, sealed));
      for (const code of codes) secret('a backup code', code);
      walkers.set(
        holder.kind === 'user' ? 'ada, an owner' : 'root, Full Administrator',
        await enteredBy(holder.kind, app.next),
      );
    }
    const question = await addQuestion(ctx, SYSTEM, 'What was the first boat called?');
    const answerHash = await sealAnswer(ctx, secret('a security answer', 'the vermilion cutter'));
    await ctx.transaction((tx) => storeAnswer(tx, SYSTEM, cast.ada.id, { questionId: question, answerHash }));
    await makePin(ctx, SYSTEM, cast.ben.id);

    // Sessions, single sign-on, links that wait in letters.
    for (const side of ['user', 'administrator'] as const) {
      const name = side === 'user' ? cast.eve.email : 'sam';
      const source = { kind: 'visitor', ip: '192.0.2.1' } as const;
      const offered = await offerPassword(ctx, {
        side,
        name,
        password: PASSWORD,
        source,
        ip: source.ip,
        isPersonThere: true,
      });
      assert.equal(offered.at, 'proved');
      const opened = await signIn(ctx, offered.proof, { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' });
      secret(`a session of ${side}`, opened.token);
    }
    const about = { destination: undefined, serviceId: undefined, domainId: undefined, redirectPath: undefined };
    const sso = await createSsoToken(ctx, SYSTEM, { clientId: cast.ada.clientId, userId: undefined, ...about });
    assert.ok('token' in sso);
    secret('a single sign-on token', sso.token);
    records = await addRecords(world, cast.ada.clientId);
    const signInRecords = await addSignInRecords(world, 'Record');
    const provider = await offerProvider(world, 'openid', 'two', { issuer: 'https://two.example.test' });
    secret('the secret at a provider', CLIENT.secret);
    await sendPasswordLink(ctx, SYSTEM, cast.ben.id, 'asked');
    await sendAdministratorPasswordLink(ctx, SYSTEM, cast.sam.id);
    await sendVerification(ctx, SYSTEM, cast.ada.id);
    await requestEmailChange(
      ctx,
      { kind: 'user', userId: cast.eve.id, name: '', ip: '' },
      cast.eve.id,
      'eve2@example.test',
    );
    await changeUser(ctx, SYSTEM, cast.cleo.id, { email: 'cleo2@example.test' });
    await changeUser(ctx, SYSTEM, cast.cleo.id, { email: cast.cleo.email });
    await offerOwnership(ctx, SYSTEM, cast.ada.clientId, { from: cast.ada.id, to: cast.ben.id });
    for (const { id } of await letterHistory(ctx, {}, { limit: 100 }))
      for (const [link] of (await liveLetterOf(ctx, id)).text.matchAll(/https?:\/\/\S+/g)) {
        const token = /[/=]([\w.~-]{20,})$/.exec(link)?.[1];
        if (token) secret(`a link of letter ${id}`, token);
      }

    // What programs use.
    const hook = await addWebhook(ctx, SYSTEM, {
      url: 'https://hooks.example.test/',
      description: 'Hook',
      events: 'every',
    });
    secret('the secret of a webhook', hook.secret);
    secret('the newer secret of a webhook', await renewSecret(ctx, SYSTEM, hook.id));
    await sendTest(ctx, SYSTEM, hook.id);
    const apiRole = await saveApiRole(ctx, SYSTEM, undefined, {
      name: 'Reading',
      description: '',
      actions: ['getclientsdetails', 'getusers', 'getclients'],
    });
    const limited = await addCredential(ctx, SYSTEM, {
      administratorId: cast.root.id,
      description: 'limited',
      roleIds: [apiRole],
      everyAction: false,
      allowedAddresses: [],
      expiresAt: undefined,
    });
    credentials.set('a credential of a role', limited);
    credentials.set('a credential of everything', await world.credential());
    // The two lesser roles that an installation begins with, for programs and at the pages.
    const roles = await listRoles(ctx);
    for (const [username, of] of [
      ['sally', 'Sales Operator'],
      ['simon', 'Support Operator'],
    ] as const) {
      const permissions = roles.find(({ name }) => name === of)?.permissions ?? [];
      const roleId = await addRole(ctx, SYSTEM, { name: `${of} by API`, permissions: [...permissions, 'API Access'] });
      const person = { firstName: username, lastName: 'Staff', email: `${username}@staff.example.test` };
      const passwordHash = await sealedPassword();
      const administratorId = await addAdministrator(ctx, SYSTEM, { roleId, username, ...person, passwordHash });
      const reach = { roleIds: [], everyAction: true, allowedAddresses: [], expiresAt: undefined };
      const made = await addCredential(ctx, SYSTEM, { ...reach, administratorId, description: of });
      credentials.set(`a credential of ${of}`, made);
    }
    for (const { identifier, secret: shown } of credentials.values()) {
      secret(`the secret of ${identifier}`, shown);
      secret(`the MD5 of the secret of ${identifier}`, md5Hex(shown));
    }

    const template = await addTemplate(ctx, SYSTEM, {
      name: 'Record',
      type: 'general',
      subject: 'x',
      body: 'x',
      small: '',
    });
    const banned = await banEmail(ctx, SYSTEM, { pattern: 'evil.example', note: 'x' });
    await banAddress(ctx, SYSTEM, { range: '192.0.2.99', reason: 'x', expiresAt: undefined, source: 'x' });
    ids = { ...signInRecords, provider, template, banned, webhook: hook.id, apiRole, staff: cast.sam.id, question };
    await collect();
  }

  /** Whatever stands in a column that is called a secret, in any table: also what was never named above. */
  async function collect(): Promise<void> {
    const listed =
      database === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`;
    for (const { name } of (await listed.execute(world.ctx.db)).rows) {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(world.ctx.db);
      for (const row of rows)
        for (const [column, value] of Object.entries(row))
          if (SECRET_COLUMN.test(column) && typeof value === 'string' && value.length >= SHORTEST) {
            columns.add(`${name}.${column}`);
            secret(`${name}.${column}`, value);
          }
    }
    const settings = await world.ctx.db.selectFrom('settings').selectAll().execute();
    for (const { name, value } of settings) if (/secret/.test(name)) secret(`the setting ${name}`, value);
  }

  async function enteredBy(side: 'user' | 'administrator', code: () => Promise<string>): Promise<TestBrowser> {
    const browser = world.browser();
    await browser.signIn(side === 'user' ? world.cast.ada.email : 'root');
    await browser.post(side === 'user' ? '/login/code' : '/admin/login/code', { code: await code() });
    return browser;
  }

  async function enterAll(): Promise<void> {
    const { ada, ben, eve } = world.cast;
    const enter = async (who: string, name: string): Promise<void> => {
      walkers.set(who, world.browser());
      await walkers.get(who)?.signIn(name);
    };
    await enter('sally, Sales Operator', 'sally');
    await enter('simon, Support Operator', 'simon');
    await enter('ben, a limited member', ben.email);
    await enter('eve, the owner of another account', eve.email);
    walkers.set('a stranger', world.browser());
    for (const [who, browser] of walkers) {
      const [home, expected] = /Operator|Administrator/.test(who) ? ['/admin', 200] : ['/account', 200];
      const { statusCode } = await browser.get(home);
      assert.equal(statusCode, who === 'a stranger' ? 303 : expected, `${who} is in`);
      for (const [name, value] of browser.cookies)
        if (/session|admin|device|remember|visit/.test(name)) secret(`a cookie of ${who}`, value);
    }
    assert.ok(ada.id > 0);
  }

  const credentials = new Map<string, { identifier: string; secret: string }>();

  /** An address with the numbers of what was planted. */
  const path = (address: string): string => {
    const { ada, ben, eve } = world.cast;
    return address
      .replace('/administrators/:id', `/administrators/${ids.staff}`)
      .replace('/api-roles/:id', `/api-roles/${ids.apiRole}`)
      .replace('/letter-templates/:id', `/letter-templates/${ids.template}`)
      .replace('/banned-emails/:id', `/banned-emails/${ids.banned}`)
      .replace('/fields/:field', `/fields/${records.field}`)
      .replace('/fields/:id', `/fields/${records.field}`)
      .replace('/sign-in-providers/:id', `/sign-in-providers/${ids.provider}`)
      .replace('/security-questions/:id', `/security-questions/${ids.question}`)
      .replace('/recoveries/:id', `/recoveries/${ids.recovery}`)
      .replace('/webhooks/:id', `/webhooks/${ids.webhook}`)
      .replace('/admin/users/:id', `/admin/users/${ada.id}`)
      .replace('/admin/clients/:id', `/admin/clients/${ada.clientId}`)
      .replace('/filters/new', '/filters/new?list=clients')
      .replace(':client', String(ada.clientId))
      .replace(':into', String(eve.clientId))
      .replace(':user', String(ben.id))
      .replace(':contact', String(records.contact))
      .replace(':note', String(records.note))
      .replace(':file', String(records.file))
      .replace(':alert', String(records.alert))
      .replace(':invitation', String(records.invitation))
      .replace(':merge', String(records.merge))
      .replace(':provider', 'two')
      .replace(':place', 'homepage')
      .replace(':area', 'security')
      .replace(':name', 'clientarea:emails')
      .replace(':language', 'en')
      .replace(':token', 'none')
      .replaceAll(/:\w+/g, '1');
  };

  /** Keeps an answer for the search: each line once, with where it first stood. */
  function keep(where: string, { headers, body }: LightMyRequestResponse): void {
    const { 'set-cookie': cookies, ...rest } = headers;
    const ownCookies = new Set([...walkers.values()].flatMap((browser) => [...browser.cookies.values()]));
    const set = [cookies ?? []].flat().map((one) => one.split(';')[0] ?? '');
    for (const one of set) if (!ownCookies.has(one.slice(one.indexOf('=') + 1))) keepText(where, one);
    keepText(where, `${JSON.stringify(rest)}\n${body}`);
  }
  function keepText(where: string, text: string): void {
    for (const line of text.split('\n')) if (line.length >= SHORTEST && !answers.has(line)) answers.set(line, where);
  }

  /** Fails with the first secret that stands in anything that was kept. */
  function search(): void {
    const find = finder([...secrets].flatMap(([text, what]) => writings(text).map((one) => [one, what] as const)));
    for (const [line, where] of answers)
      for (const readable of readings(line)) {
        const [one, what] = find(readable) ?? [];
        if (one !== undefined) assert.fail(`${what} stands in ${where}: …${around(readable, one)}…`);
      }
    answers.clear();
  }

  test('what is searched for was planted in every table that keeps a secret', async () => {
    for (const column of WHERE_SECRETS_ARE) assert.ok(columns.has(column), `nothing was planted in ${column}`);
    assert.ok(secrets.size > 100, `${secrets.size} secrets`);
    keepText('here', `x ${Buffer.from(`a ${DUO_SECRET}`).toString('base64url')} y`);
    assert.throws(search, /the secret at Duo stands in here/);
    answers.clear();
    keepText('here', `x ${Buffer.from('smtp-password-7Qx1Lw').toString('hex').toUpperCase()} y`);
    assert.throws(search, /SMTP/);
    answers.clear();
  });

  test('no page shows one, to anybody', async () => {
    const pages = (await findPages()).filter(({ page }) => page.get);
    for (const [who, browser] of walkers) {
      let drawn = 0;
      for (const { address } of pages) {
        const answer = await browser.get(path(address));
        assert.ok(answer.statusCode < 500, `${address} for ${who}: ${answer.statusCode}`);
        if (answer.statusCode === 200) drawn += 1;
        keep(`${address} for ${who}`, answer);
      }
      assert.ok(drawn >= (LEAST_DRAWN[who] ?? 15), `${who} saw ${drawn} pages`);
    }
    search();
  });

  test('nor what a post answers that leaves everything empty', async () => {
    const pages = (await findPages()).filter(
      ({ page, address }) => page.post && !/logout|leaving|sessions/.test(address),
    );
    for (const [who, browser] of walkers) {
      const room = /Operator|Administrator/.test(who) ? '/admin' : '/';
      const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get(room)).body)?.[1] ?? '';
      for (const { address } of pages) {
        if (/removal|deletion|deactivation|reset|fresh|secret|activation|second-factor|password/.test(address))
          continue; // does it at once
        const answer = await browser.postRaw(path(address), { csrf }, { 'sec-fetch-site': 'same-origin' });
        assert.ok(answer.statusCode < 500, `${address} for ${who}: ${answer.statusCode}`);
        keep(`a post to ${address} for ${who}`, answer);
      }
    }
    search();
  });

  test('no action answers one, to any credential, in any format', async () => {
    const actions = [...(await findActions()).values()].map(({ name }) => name);
    const inOrder = actions.sort((one, other) => Number(isLast(one)) - Number(isLast(other)));
    const { ada, ben } = world.cast;
    const values = {
      clientid: String(ada.clientId),
      client_id: String(ada.clientId),
      user_id: String(ben.id),
      userid: String(ben.id),
      contactid: String(records.contact),
      email: ben.email,
      password2: 'nine paper boats drifting',
      stats: 'true',
      search: 'example',
      firstname: 'Changed',
      lastname: 'Walker',
      setting: 'CompanyName',
      value: 'x',
      amount: '1.00',
      description: 'Walked',
      notes: 'Walked',
      permissions: 'products',
      ip: '192.0.2.100',
      messagename: 'Record',
      id: String(ben.id),
      limitnum: '100',
      show_hidden: '1',
      include_disabled: '1',
    };
    for (const [who, credential] of credentials) {
      let answered = 0;
      for (const action of inOrder.filter((name) => who.endsWith('everything') || !isLast(name)))
        for (const given of [
          { responsetype: 'json' },
          ...['json', 'xml', 'nvp'].map((one) => ({ responsetype: one, ...values })),
        ]) {
          const answer = await call({ ...credential, action, ...given });
          if (/"result":"success"/.test(answer.body)) answered += 1;
          keep(`${action} for ${who}`, answer);
        }
      assert.ok(answered >= (who.endsWith('everything') ? 30 : 4), `${answered} for ${who}`);
    }
    search();
  });

  test('no setting is told that is one, and DecryptPassword opens nothing that is sealed here', async () => {
    const credential = await world.credential();
    for (const setting of [
      ...world.ctx.settings.keys(),
      ...Object.keys(ENVIRONMENT),
      'cc_encryption_hash',
      'SMTPPassword',
    ])
      keep(setting, await call({ ...credential, action: 'GetConfigurationValue', setting, responsetype: 'json' }));
    search();
    const sealed = [...secrets].filter(([, what]) => /sealed|setting/.test(what)).map(([text]) => text);
    assert.ok(sealed.length > 8, `${sealed.length} sealed texts`);
    for (const password2 of sealed) {
      const { body } = await call({ ...credential, action: 'DecryptPassword', password2, responsetype: 'json' });
      const { password = '' } = JSON.parse(body) as { password?: string };
      assert.equal(password, '', `DecryptPassword opened ${secrets.get(password2)}`);
    }
  });

  test('no line of the log holds one, whatever its level, nor does what was made meanwhile stand anywhere', async () => {
    const wrong = world.browser();
    await wrong.post('/login', { email: world.cast.eve.email, password: 'nine paper boats drifting' });
    world.ctx.log.info({ err: new Error('the log is heard') }, 'a line');
    assert.ok(lines.length > 0);
    await collect();
    for (const line of lines) keepText('the log', line);
    search();
  });

  function call(fields: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    return world.app.inject({
      method: 'POST',
      url: '/includes/api.php',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  }
});

/** What would take away what others still walk to. */
function isLast(action: string): boolean {
  return /^(?:Close|Delete|Update|Reset|AddBanned)/.test(action);
}

/** So many pages are drawn for each at the least: a walk of refusals would find nothing. */
const LEAST_DRAWN: Readonly<Record<string, number>> = {
  'root, Full Administrator': 110,
  'ada, an owner': 40,
  'ben, a limited member': 25,
  'a stranger': 12,
};

const WHERE_SECRETS_ARE = [
  'administrators.password_hash',
  'api_credentials.secret_hash',
  'api_credentials.secret_md5_hash',
  'authenticators.sealed_secret',
  'backup_codes.hash',
  'devices.token_hash',
  'email_changes.token_hash',
  'email_undos.token_hash',
  'invitations.token_hash',
  'letters.sealed',
  'password_links.token_hash',
  'security_answers.answer_hash',
  'sessions.token_hash',
  'sign_in_providers.sealed_secret',
  'sso_tokens.token_hash',
  'support_pins.pin_sealed',
  'users.password_hash',
  'verification_links.token_hash',
  'webhooks.sealed_secret',
  'webhooks.sealed_old_secret',
];

/** A text as it may be written: as it is, in hex, in base64 of either alphabet at each of three offsets; and its bytes, where it stands for some. */
function writings(text: string): string[] {
  const found = new Set([text]);
  const bytes = [Buffer.from(text)];
  if (/^[0-9a-f]{20,}$/.test(text)) bytes.push(Buffer.from(text, 'hex'));
  else if (/^[\w-]{27,}$/.test(text)) bytes.push(Buffer.from(text, 'base64url'));
  for (const one of bytes) {
    found.add(one.toString('hex')).add(one.toString('hex').toUpperCase());
    for (const offset of [0, 1, 2]) {
      const shifted = Buffer.concat([Buffer.alloc(offset), one])
        .toString('base64')
        .replaceAll('=', '');
      const own = shifted.slice(offset === 0 ? 0 : offset + 1, -1); // the first and last characters hold bits of the neighbours
      if (own.length >= SHORTEST) found.add(own).add(own.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return [...found];
}

/** Looks for any of many texts by how they begin; most places of a line are passed over by a number of four of its characters. */
function finder(wanted: readonly (readonly [text: string, what: string])[]) {
  const beginning = Map.groupBy(wanted, ([text]) => text.slice(0, SHORTEST));
  const numbers = new Uint8Array(65_536);
  for (const start of beginning.keys()) numbers[numberOf(start, 0)] = 1;
  return (line: string): readonly [text: string, what: string] | undefined => {
    for (let at = 0; at + SHORTEST <= line.length; at += 1) {
      if (numbers[numberOf(line, at)] === 0) continue;
      const found = beginning.get(line.slice(at, at + SHORTEST))?.find(([text]) => line.startsWith(text, at));
      if (found) return found;
    }
    return undefined;
  };
}

function numberOf(text: string, at: number): number {
  const [first, second] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return (first * 7 + second * 131 + text.charCodeAt(at + 2) * 1031 + text.charCodeAt(at + 3) * 8209) & 65_535;
}

/** A line as it stands, and as whoever reads it unpacks it. */
function readings(line: string): string[] {
  const unpacked = new Set([line, line.replaceAll('\\/', '/'), line.replaceAll('&#39;', "'").replaceAll('&amp;', '&')]);
  if (line.includes('%'))
    unpacked.add(
      line.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  return [...unpacked];
}

function around(text: string, one: string): string {
  const at = text.indexOf(one);
  return text.slice(Math.max(0, at - 100), at + one.length + 60);
}
