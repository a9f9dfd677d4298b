// The commands as an operator meets them: what they do, what they print, how they end.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { systemActor } from '#domain/audit/actor.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { addAuthenticator } from '#domain/credentials/totp.ts';
import { freshSeed } from '#domain/credentials/totp-code.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { readConfig } from '#src/config.ts';
import { openContext } from '#src/context.ts';
import type { Ended, Installation } from '#tests/cli/doorward.ts';
import { installation } from '#tests/cli/doorward.ts';
import { rowsOf } from '#tests/durability/rows.ts';
import { onBothDatabases, TEST_COST } from '#tests/world.ts';

const PASSWORD = 'a long enough passphrase';
/** Whatever opens the database or the folder of its files fails. */
const NOWHERE = { env: { DOORWARD_DATA: '/proc/no/such/place' } };
const ROOT = ['--username', 'root', '--email', 'root@example.test', '--first-name', 'Robin', '--last-name', 'Root'];

onBothDatabases('commands', (database) => {
  let here: Installation;
  before(async () => {
    here = await installation({ database, empty: true });
    await here.json(['admin', 'create', ...ROOT, '--password-stdin'], { input: `${PASSWORD}\n` });
  });
  after(() => here.close());

  test('an administrator made by the command line signs in by a browser form', async () => {
    const server = await here.serve();
    const page = await fetch(`${server.url}/admin/login`);
    const csrf = /name="csrf" value="([^"]*)"/.exec(await page.text())?.[1] ?? '';
    const answer = await fetch(`${server.url}/admin/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookiesOf(page), 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf, username: 'root', password: PASSWORD }),
    });
    server.signal('SIGTERM');
    assert.equal(answer.status, 303, await answer.text());
    assert.match(cookiesOf(answer), /doorward-admin=/);
    assert.equal(await server.ended, 0);
  });

  test('the log names the operator who made it', async () => {
    await here.json(['ban', 'add', '198.51.100.200']);
    const lines = await auditLines(here);
    for (const event of ['admin.created', 'ban.ip.added']) {
      const line = lines.find((one) => one.event === event);
      assert.match(line?.actor_name ?? '', /^Command line \(.+\)$/, event);
      assert.equal(line?.actor_kind, 'system');
    }
  });

  test('a name that is taken is refused with one line and 1', async () => {
    const again = await here.run(['admin', 'create', ...ROOT, '--password-stdin'], { input: PASSWORD });
    assert.deepEqual(again, { code: 1, out: '', err: 'There is an administrator of this name already.\n' });
  });

  test('what is wrong with an administrator is said field by field', async () => {
    const wrong = ['--username', '1x', '--email', 'nobody', '--first-name', ' ', '--last-name', 'L'];
    const { code, out, err } = await here.run(['admin', 'create', ...wrong, '--password-stdin'], { input: PASSWORD });
    assert.equal(code, 1);
    assert.equal(out, '');
    for (const name of ['username:', 'email:', 'first-name:']) assert.ok(err.includes(name), err);
    assert.equal(err.trim().split('\n').length, 1);
  });

  test('a weak password is refused, and nobody is made', async () => {
    const person = ['--username', 'weak', '--email', 'w@example.test', '--first-name', 'W', '--last-name', 'W'];
    const { code, err } = await here.run(['admin', 'create', ...person, '--password-stdin'], { input: 'short' });
    assert.equal(code, 1);
    assert.match(err, /^password: Use at least \d+ characters/);
    const gone = await here.run(['admin', 'reset-password', '--username', 'weak', '--password-stdin'], {
      input: PASSWORD,
    });
    assert.equal(gone.err, 'There is no such administrator.\n');
  });

  test('a role is found by its name, and an unknown one is answered with those there are', async () => {
    const person = ['--username', 'sam', '--email', 'sam@example.test', '--first-name', 'S', '--last-name', 'S'];
    const wrong = await here.run(['admin', 'create', ...person, '--role', 'Boss', '--password-stdin'], {
      input: PASSWORD,
    });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /no role "Boss".*Full Administrator, Sales Operator, Support Operator/);
    const made = await here.json(['admin', 'create', ...person, '--role', 'support operator', '--password-stdin'], {
      input: PASSWORD,
    });
    assert.equal(made['role'], 'Support Operator');
  });

  test('a reset password ends the sessions of the administrator, and the old one opens nothing', async () => {
    const before = (await auditLines(here)).length;
    const { code, out } = await here.run(['admin', 'reset-password', '--username', 'ROOT', '--password-stdin'], {
      input: 'another long passphrase',
    });
    assert.equal(code, 0);
    assert.equal(out, 'The password of root was set.\n');
    const [line] = (await auditLines(here)).slice(before);
    assert.equal(line?.event, 'admin.password.set');
  });

  test('says honestly that there is no second factor to take away', async () => {
    const { code, out, err } = await here.run(['admin', 'reset-second-factor', '--username', 'root']);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /root has no second factor.*nothing was changed/);
  });

  test('takes the second factors of an administrator away, in the log and by letter', async () => {
    const ctx = await openContext(readConfig(here.env), { logger: pino({ level: 'silent' }), passwordCost: TEST_COST });
    const root = ctx.db.selectFrom('administrators').select('id').where('username', '=', 'root');
    const { id } = await root.executeTakeFirstOrThrow();
    const holder = { kind: 'administrator', id } as const;
    const confirmed = { seed: await freshSeed(), step: 1, until: ctx.now() + 60_000 };
    const given = { name: 'Phone', confirmed, keepSessionId: undefined };
    await ctx.transaction((tx) => addAuthenticator(tx, systemActor('Test'), holder, given));
    const printed = await here.json(['admin', 'reset-second-factor', '--username', 'ROOT', '--json']);
    assert.deepEqual(printed, { id, username: 'root', factors: ['totp'] });
    assert.equal(await hasSecondFactor(ctx, holder), false);
    const line = (await auditLines(here)).findLast((one) => one.event === 'admin.2fa.disabled_by_admin');
    assert.match(line?.actor_name ?? '', /^Command line/);
    const [letter] = await letterHistory(ctx, {}, { limit: 1 });
    assert.equal(letter?.kind, 'second-factor-removed');
    await ctx.close();
  });

  test('a credential is printed once, as JSON alone when asked, and opens the API', async () => {
    const { code, out, err } = await here.run([
      'credential',
      'create',
      '--admin',
      'root',
      '--json',
      '--description',
      'test',
    ]);
    assert.equal(code, 0);
    assert.equal(err, '');
    const { identifier, secret } = JSON.parse(out);
    assert.match(identifier, /^[A-Za-z0-9]{32}$/);
    assert.match(secret, /^[A-Za-z0-9]{32}$/);
    const server = await here.serve();
    const body = new URLSearchParams({ identifier, secret, action: 'WhmcsDetails', responsetype: 'json' });
    const answer = await fetch(`${server.url}/includes/api.php`, { method: 'POST', body });
    server.signal('SIGTERM');
    assert.notEqual(answer.status, 403, await answer.text());
    assert.equal(await server.ended, 0);
  });

  test('a credential for an unknown administrator, role or range is refused', async () => {
    for (const [args, words] of [
      [['--admin', 'nobody'], 'There is no such administrator.'],
      [['--admin', 'root', '--role', 'none'], 'There is no API role "none".'],
      [['--admin', 'root', '--allow-ip', '300.1.1.1'], 'allowed-addresses: '],
    ] as const) {
      const { code, out, err } = await here.run(['credential', 'create', ...args, '--json']);
      assert.equal(code, 1, err);
      assert.equal(out, '');
      assert.ok(err.startsWith(words), err);
    }
  });

  test('settings are listed, read and changed, as people and as programs read them', async () => {
    const set = await here.json(['settings', 'set', 'company-name', 'Acme & Töchter']);
    assert.deepEqual(set, { changed: ['company-name'] });
    assert.deepEqual(await here.json(['settings', 'get', 'company-name']), {
      name: 'company-name',
      value: 'Acme & Töchter',
    });
    assert.equal((await here.json(['settings', 'list']))['company-name'], 'Acme & Töchter');
    const plain = await here.run(['settings', 'get', 'company-name']);
    assert.equal(plain.out, 'Acme & Töchter\n');
    assert.deepEqual(await here.json(['settings', 'set', 'company-name', 'Acme & Töchter']), { changed: [] });
  });

  test('a setting that does not fit, or is not there, is refused', async () => {
    const number = await here.run(['settings', 'set', 'login-tries', 'many']);
    assert.deepEqual(number, { code: 1, out: '', err: 'value: Enter a whole number within the range.\n' });
    const unknown = await here.run(['settings', 'get', 'no-such-setting']);
    assert.deepEqual(unknown, { code: 1, out: '', err: 'There is no such setting.\n' });
    assert.equal((await here.run(['settings', 'get', 'maintenance'])).out, 'off\n');
    // Kept by the installation itself: neither read nor changed from here.
    assert.equal((await here.run(['settings', 'get', 'password-measured-cost'])).code, 1);
  });

  test('a ban is added, listed and lifted, and holds in a server that runs', async () => {
    const server = await here.serve();
    assert.equal((await fetch(`${server.url}/login`)).status, 200);
    const ban = await here.json(['ban', 'add', '127.0.0.0/8', '--reason', 'test', '--days', '2']);
    assert.equal(ban['range'], '127.0.0.0/8');
    await here.json(['ban', 'add', '::1']);
    await eventually(async () => assert.equal((await fetch(`${server.url}/login`)).status, 403));
    const listed = await here.json<{ range: string; reason: string; source: string }[]>(['ban', 'list']);
    assert.ok(
      listed.some((one) => one.range === '127.0.0.0/8' && one.reason === 'test' && one.source === 'command line'),
    );
    assert.equal((await here.run(['ban', 'remove', '127.0.0.0/8'])).out, '127.0.0.0/8 is no longer banned.\n');
    await here.run(['ban', 'remove', '::1']);
    await eventually(async () => assert.equal((await fetch(`${server.url}/login`)).status, 200));
    server.signal('SIGTERM');
    assert.equal(await server.ended, 0);
    const gone = await here.run(['ban', 'remove', '127.0.0.0/8']);
    assert.deepEqual(gone, { code: 1, out: '', err: 'There is no such ban any more.\n' });
  });

  test('a letter that waits is shown with its link, and the log says that it was', async () => {
    await here.run(['seed', '--clients', '0', '--users', '1']);
    const server = await here.serve();
    const { email } = await someUser(here);
    await askForLink(server.url, email);
    let letters: { id: number; state: string; to: string }[] = [];
    await eventually(async () => {
      letters = await here.json(['mail', 'list', '--state', 'waiting']);
      assert.equal(letters[0]?.to, email, 'the newest letter is theirs');
    });
    server.signal('SIGTERM');
    await server.ended;
    const id = String(letters[0]?.id);
    const shown = await here.json(['mail', 'show', id]);
    const link = /http:\/\/localhost:\d+\/password\/set\/\S+/.exec(String(shown['text']))?.[0];
    assert.ok(link, 'the letter has a link');
    assert.match((await here.run(['mail', 'show', id])).out, new RegExp(link.slice(-20)));
    assert.match((await here.run(['mail', 'list'])).out, /waiting +\S+ \S+ UTC +\S+@\S+\.example\.test/);
    assert.ok((await auditLines(here)).some((line) => line.event === 'letter.shown'));
    assert.deepEqual(await here.run(['mail', 'show', '4711']), { code: 1, out: '', err: 'There is no such letter.\n' });
  });
});

describe('wrong usage', () => {
  let here: Installation;
  let ended: readonly Ended[];
  before(async () => {
    here = await installation({ database: 'sqlite' });
    ended = await here.lines(
      WRONG.map(([args]) => args),
      NOWHERE,
    );
  });
  after(() => here.close());

  const WRONG: readonly (readonly [args: readonly string[], words: RegExp])[] = [
    [[], /^Doorward .*Usage/s],
    [['nonsense'], /^There is no command "nonsense"/],
    [['../main'], /^There is no command/],
    [['parts'], /^There is no command/],
    [['ban'], /say which: list, add, remove/],
    [['ban', 'everybody'], /there is no "everybody"/],
    [['ban', 'toString'], /there is no "toString"/],
    [['ban', 'add'], /RANGE is missing/],
    [['ban', 'add', '1.2.3.4', 'and', 'more'], /"and" is one word too many/],
    [['ban', 'add', '1.2.3.4', '--days', 'ten'], /--days/],
    [['ban', 'list', '--verbose'], /there is no option --verbose/],
    [['admin', 'create', '--username', 'x', '--password-stdin'], /--email is missing/],
    [['admin', 'reset-password', '--username', 'x'], /--password-stdin/],
    [['credential', 'create', '--json'], /--admin is missing/],
    [['mail', 'list', '--state', 'lost'], /waiting, sent, failed, expired/],
    [['mail', 'show', 'one'], /number of a letter/],
    [['serve', '--port', '70000'], /--port/],
    [['serve', '--json'], /there is no option --json/],
    [['seed', '--clients', '-5'], /--clients/],
  ];

  for (const [at, [args, words]] of WRONG.entries()) {
    test(`"doorward ${args.join(' ')}" ends with 2 and says why, before anything is opened`, () => {
      assert.equal(ended[at]?.code, 2, ended[at]?.err ?? 'it did not run');
      assert.equal(ended[at]?.out, '');
      assert.match(ended[at]?.err ?? '', words);
    });
  }

  for (const option of ['--password', '--secret', '--token']) {
    test(`a secret as an argument (${option}) is refused, and not repeated`, async () => {
      const { code, out, err } = await here.run([
        'admin',
        'reset-password',
        '--username',
        'root',
        option,
        'hunter2hunter2',
      ]);
      assert.equal(code, 2);
      assert.match(err, /never an argument.*standard input/);
      assert.ok(!`${out}${err}`.includes('hunter2'));
    });
    test(`nor written together (${option}=…)`, async () => {
      const { code, err } = await here.run(['admin', 'reset-password', `${option}=hunter2hunter2`]);
      assert.equal(code, 2);
      assert.ok(!err.includes('hunter2'));
    });
  }
});

describe('help', () => {
  let here: Installation;
  let ended: readonly Ended[];
  before(async () => {
    here = await installation({ database: 'sqlite' });
    ended = await here.lines(
      HELPED.map((args) => [...args, '--help']),
      NOWHERE,
    );
  });
  after(() => here.close());

  const NAMES = ['admin', 'ban', 'credential', 'mail', 'migrate', 'seed', 'serve', 'settings'];

  test('names every command there is, and those it names are there', async () => {
    const { code, out, err } = await here.run(['--help']);
    assert.equal(code, 0);
    assert.equal(err, '');
    const named = [...out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    assert.deepEqual(named, NAMES);
  });

  const HELPED = [
    ...NAMES.map((name) => [name]),
    ['admin', 'create'],
    ['admin', 'reset-password'],
    ['admin', 'reset-second-factor'],
    ['credential', 'create'],
    ['settings', 'set'],
    ['ban', 'add'],
    ['mail', 'show'],
  ];
  for (const [at, args] of HELPED.entries()) {
    test(`doorward ${args.join(' ')} --help`, () => {
      const { code, out = '', err } = ended[at] ?? {};
      assert.equal(code, 0, err ?? 'it did not run');
      assert.ok(out.includes(`Usage: doorward ${args.join(' ')}`), out);
      assert.equal(err, '');
    });
  }

  test('the version is that of the package', async () => {
    assert.match((await here.run(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
  });
});

describe('the environment', () => {
  let here: Installation;
  before(async () => {
    here = await installation({ database: 'sqlite' });
  });
  after(() => here.close());

  test('every fault of it is reported at once, by name, with 1 and without a stack', async () => {
    const env = {
      PORT: 'x',
      DOORWARD_URL: 'https://a.example/path',
      DOORWARD_DATABASE_URL: 'mysql://x',
      DOORWARD_LOG: 'loud',
    };
    for (const args of [['serve'], ['ban', 'list', '--json']]) {
      const { code, out, err } = await here.run(args, { env });
      assert.equal(code, 1);
      assert.equal(out, '');
      const lines = err.trim().split('\n');
      assert.deepEqual(lines.map((line) => line.split(':')[0]).sort(), [
        'DOORWARD_DATABASE_URL',
        'DOORWARD_LOG',
        'DOORWARD_URL',
        'PORT',
      ]);
    }
  });

  test('a database that does not answer is said in one line, without the password of its address', async () => {
    const env = { DOORWARD_DATABASE_URL: 'postgres://door:hunter2@127.0.0.1:1/door' };
    const { code, out, err } = await here.run(['ban', 'list'], { env });
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^The database does not answer/);
    assert.equal(err.trim().split('\n').length, 1);
    assert.ok(!err.includes('hunter2'));
  });

  test('a secret may come from a file', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${here.folder}/url`, 'postgres://door:hunter2@127.0.0.1:1/door\n');
    const { err } = await here.run(['ban', 'list'], { env: { DOORWARD_DATABASE_URL_FILE: `${here.folder}/url` } });
    assert.match(err, /^The database does not answer/);
  });
});

type Line = { event: string; actor_kind: string; actor_name: string };

async function auditLines(here: Installation): Promise<Line[]> {
  return rowsOf<Line>(here, 'select event, actor_kind, actor_name from audit_log order by id');
}

async function someUser(here: Installation): Promise<{ email: string }> {
  const [user] = await rowsOf<{ email: string }>(here, 'select email from users order by id limit 1');
  assert.ok(user);
  return user;
}

async function askForLink(url: string, email: string): Promise<void> {
  const page = await fetch(`${url}/password/reset`);
  const csrf = /name="csrf" value="([^"]*)"/.exec(await page.text())?.[1] ?? '';
  await fetch(`${url}/password/reset`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(page), 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ csrf, email }),
  });
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

async function eventually(holds: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await holds();
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((done) => setTimeout(done, 150));
    }
  }
}
