// Stolen database: after every flow was run once, no row of any table holds a password, a token or a secret in clear, nor
// anything that is as good (class: stolen database; ASVS 5.0 V6.2, V7.2, V13.3).

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { addCredential } from '#domain/administrators/api-credentials.ts';
import { offerSetup } from '#domain/administrators/setup.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { chooseNeededPassword } from '#domain/login/needed-password.ts';
import { offerFactor } from '#domain/login/next-step.ts';
import { changeOwnPassword, setAdministratorPassword } from '#domain/login/own-password.ts';
import { sendAdministratorPasswordLink, sendPasswordLink, setPasswordByLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn, signInByHandover } from '#domain/login/sign-in.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { postLetters } from '#domain/mail/post.ts';
import { renewToken } from '#domain/sessions/opening.ts';
import { makeFirstAdministrator } from '#domain/signup/first-administrator.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { createSsoToken, redeemSsoToken } from '#domain/sso/sso.ts';
import { storePassword } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import { md5Hex } from '#kit/secret.ts';
import type { TestSmtp } from '#tests/smtp.ts';
import { startSmtp } from '#tests/smtp.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, profile, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const IP = '192.0.2.1';

onBothDatabases('a stolen database', (database) => {
  let world: World;
  let smtp: TestSmtp;
  const secrets = new Map<string, string>();
  /** Remembers a secret under what it is, with the forms that are as good as it. */
  const secret = (what: string, text: string): string => {
    secrets.set(what, text);
    secrets.set(`${what}, base64`, Buffer.from(text).toString('base64url'));
    secrets.set(`${what}, MD5`, md5Hex(text));
    return text;
  };

  before(async () => {
    smtp = await startSmtp();
    world = await testWorld(database, { environment: { DOORWARD_SMTP_URL: smtp.url } });
    await everyFlow();
  });
  after(async () => {
    await world.close();
    await smtp.stop();
  });

  async function everyFlow(): Promise<void> {
    const { ctx, cast } = world;
    secret('the password of the cast', PASSWORD);
    const offer = (name: string, password: string, side: 'user' | 'administrator' = 'user') =>
      offerPassword(ctx, {
        side,
        name,
        password,
        source: { kind: 'visitor', ip: IP },
        ip: IP,
        isPersonThere: true,
      });
    const opening = { ip: IP, userAgent: 'Test', origin: 'login' } as const;

    // Signing in: right, wrong, in the wrong field, by a program, handed over, renewed.
    const ada = await offer(cast.ada.email, PASSWORD);
    assert.equal(ada.at, 'proved');
    const session = await signIn(ctx, ada.proof, opening, ada.counted);
    secret('a session', session.token);
    secret('a renewed session', (await renewToken(ctx, session.token)) ?? '');
    await offer(cast.ada.email, secret('a wrong password', 'wrong-password-typed-by-ada'));
    await offer(secret('a password in the field of the name', 'Tr0ub4dor&3-in-the-name'), 'x');
    const root = await offer('root', PASSWORD, 'administrator');
    assert.equal(root.at, 'proved');
    secret('a session of staff', (await signIn(ctx, root.proof, opening)).token);
    const again = await offer(cast.ada.email, PASSWORD);
    assert.equal(again.at, 'proved');
    const program = await signIn(ctx, again.proof, { ...opening, origin: 'api', handoverMs: minutes(1) });
    secret('a session of a program', program.token);
    const browser = await signInByHandover(ctx, program.token, { ...opening, origin: 'handover' });
    secret('a session handed over', browser?.token ?? '');

    // A second factor; a new password that was due.
    const cleo = await offer(cast.cleo.email, PASSWORD);
    assert.equal(cleo.at, 'second-factor');
    secret('a sign-in half through', cleo.attempt);
    await offerFactor(ctx, cleo.attempt, undefined, { text: CODE, browser: '' }, IP);
    secret('a code', CODE);
    await storePassword(ctx, SYSTEM, cast.eve.id, await sealedPassword(), { event: 'test', mustChange: true });
    const eve = await offer(cast.eve.email, PASSWORD);
    assert.equal(eve.at, 'new-password');
    secret('a sign-in that waits for a password', eve.attempt);
    await chooseNeededPassword(
      ctx,
      eve.attempt,
      secret('a password chosen at sign-in', 'chosen at sign-in by eve'),
      IP,
    );

    // Links in letters: waiting, sent, spent, expired.
    const linkTo = async (address: string, what: string): Promise<string> => {
      const { link } = await world.letterTo(address);
      secret(`${what}, the link`, link);
      return secret(what, link.split('/').at(-1) ?? '');
    };
    await sendPasswordLink(ctx, SYSTEM, cast.ben.id, 'asked');
    await setPasswordByLink(
      ctx,
      await linkTo(cast.ben.email, 'a spent link'),
      secret('a password by link', 'chosen by a link by ben'),
      IP,
    );
    await sendAdministratorPasswordLink(ctx, SYSTEM, cast.sam.id);
    await linkTo('sam@staff.example.test', 'a sent link');
    await postLetters(ctx);
    await addClientWithOwner(ctx, SYSTEM, {
      profile: profile({ email: 'welcome@example.test' }),
      owner: { kind: 'new', password: undefined },
      welcome: true,
    });
    await linkTo('welcome@example.test', 'a link that waits');

    // Passwords set by others and by oneself.
    await addClientWithOwner(ctx, SYSTEM, {
      profile: profile({ email: 'given@example.test' }),
      owner: { kind: 'new', password: secret('a password given by staff', 'given by staff to somebody') },
      welcome: true,
    });
    await setAdministratorPassword(
      ctx,
      SYSTEM,
      cast.sam.id,
      secret('a password of staff', 'set for sam by the operator'),
    );
    const own = { kind: 'user', userId: cast.ada.id, name: cast.ada.email, ip: IP } as const;
    await changeOwnPassword(ctx, own, cast.ada.id, {
      current: PASSWORD,
      fresh: secret('a password changed', 'changed by ada herself'),
      keepSessionId: 0,
    });

    // Single sign-on: spent and waiting. Credentials. A letter that failed.
    for (const what of ['a spent token', 'a waiting token']) {
      const made = await createSsoToken(ctx, SYSTEM, {
        clientId: cast.ada.clientId,
        userId: undefined,
        destination: undefined,
        serviceId: undefined,
        domainId: undefined,
        redirectPath: undefined,
      });
      assert.ok('token' in made);
      secret(what, made.token);
      if (what === 'a spent token') await redeemSsoToken(ctx, made.token, { ip: IP, userAgent: 'Test' });
    }
    const credential = await addCredential(ctx, SYSTEM, {
      administratorId: cast.root.id,
      description: 'test',
      roleIds: [],
      everyAction: true,
      allowedAddresses: [],
      expiresAt: undefined,
    });
    secret('a credential', credential.secret);
    const call = async (action: string, values: Record<string, string>): Promise<Record<string, unknown>> => {
      const { body } = await world.api(action, values);
      assert.equal(body['result'], 'success', action);
      return body;
    };
    const validated = await call('ValidateLogin', { email: cast.ada.email, password2: 'changed by ada herself' });
    secret('a session over the wire', String(validated['passwordhash']));
    await call('EncryptPassword', { password2: secret('a text encrypted', 'encrypted over the wire') });
    await call('AddUser', {
      firstname: 'A',
      lastname: 'B',
      email: 'wire@example.test',
      password2: secret('a password over the wire', 'sent over the wire for somebody'),
    });
    smtp.refuse('gone@example.test', 550);
    await queueLetter(ctx, {
      kind: 'set-password',
      language: 'en',
      direction: 'ltr',
      to: { address: 'gone@example.test', name: 'Gone' },
      subject: 'x',
      paragraphs: [],
      button: {
        label: 'x',
        url: secret('a link in a letter that failed', 'https://door.example/failed-link'),
        orCopy: '',
      },
      small: [],
      expiresAt: ctx.now() + hours(1),
    });
    await postLetters(ctx);

    // The pages, so that what they write is there too.
    const visitor = world.browser();
    await visitor.signIn(cast.ada.email, 'changed by ada herself');
    for (const [name, value] of visitor.cookies) if (/session|attempt/.test(name)) secret(`the cookie ${name}`, value);
    await visitor.get(`/oauth/singlesignon.php?access_token=${secret('a guessed token', 'f'.repeat(40))}`);
    await visitor.postRaw('/login', { email: cast.ada.email, password: 'wrong-password-typed-by-ada' });
  }

  async function tables(): Promise<string[]> {
    const listed =
      database === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`;
    return (await listed.execute(world.ctx.db)).rows.map(({ name }) => name);
  }

  test('holds no secret in any row of any table', async () => {
    const names = await tables();
    assert.ok(names.length >= 20, names.join());
    assert.ok(secrets.size > 60, `${secrets.size} secrets`);
    let rows = 0;
    for (const name of names) {
      const all = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(world.ctx.db);
      for (const row of all.rows) {
        rows += 1;
        const text = JSON.stringify(row, (_, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        );
        for (const [what, value] of secrets) {
          assert.ok(value.length > 3, what);
          assert.ok(value.length < 8 || !text.includes(value), `${what} is in ${name}: ${text.slice(0, 300)}`);
        }
      }
    }
    assert.ok(rows > 100, `${rows} rows`);
  });

  test('holds the hash of each password in one column of each side and nowhere else, the log least of all', async () => {
    for (const name of await tables()) {
      const all = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(world.ctx.db);
      for (const row of all.rows) {
        for (const [column, value] of Object.entries(row)) {
          if (column !== 'password_hash')
            assert.doesNotMatch(String(value), /\$argon2|\$2[aby]\$/, `${name}.${column}`);
        }
      }
    }
  });

  // Its files are of the server.
  if (database === 'sqlite')
    test('holds none in its files either: not in the log of changes, not in what was deleted', async () => {
      const folder = world.ctx.config.dataFolder;
      const files = (await readdir(folder)).filter((name) => name.startsWith('doorward.db'));
      assert.ok(files.length >= 1);
      for (const file of files) {
        const bytes = (await readFile(join(folder, file))).toString('latin1');
        for (const [what, value] of secrets) {
          if (value.length >= 8) assert.ok(!bytes.includes(value), `${what} is in ${file}`);
        }
      }
    });

  test('does not hold the key that would open what is sealed', async () => {
    const key = (await readFile(join(world.ctx.config.dataFolder, 'secret.key'), 'utf8')).trim();
    assert.ok(key.length >= 43);
    for (const name of await tables()) {
      const all = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(world.ctx.db);
      assert.ok(!JSON.stringify(all.rows).includes(key), name);
    }
  });

  test('and the set-up token of an empty one is not in it', async (t) => {
    const empty = await testWorld(database, { cast: false });
    t.after(() => empty.close());
    const token = (await offerSetup(empty.ctx)) ?? '';
    const password = 'the first administrator chose this';
    const check = async (): Promise<void> => {
      const rows = await empty.ctx.db.selectFrom('setup_invitations').selectAll().execute();
      const staff = await empty.ctx.db.selectFrom('administrators').selectAll().execute();
      const log = await empty.ctx.db.selectFrom('audit_log').selectAll().execute();
      const text = JSON.stringify([rows, staff, log]);
      assert.ok(!text.includes(token) && !text.includes(password));
    };
    await check();
    const person = { username: 'first', firstName: 'First', lastName: 'Staff', email: 'first@example.test', password };
    await makeFirstAdministrator(empty.ctx, token, person, IP);
    await check();
  });
});
