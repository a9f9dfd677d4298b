// What somebody sends who means harm, or a program that has gone wrong: an answer each time, never a fault.

import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { auditLines } from '#domain/audit/audit.ts';
import { minutes } from '#kit/duration.ts';
import { type Credential, call, credentialOf, send, set } from '#tests/wire/wire.ts';
import { onBothDatabases, PASSWORD, testWorld, type World } from '#tests/world.ts';

onBothDatabases('hostile requests', (database) => {
  let world: World;
  let key: Credential;

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());

  const asked = (more = ''): string => `identifier=${key.identifier}&secret=${key.secret}&responsetype=json${more}`;
  const isRefusal = (answer: { statusCode: number; body: string }): string => {
    assert.ok(answer.statusCode < 500, `${answer.statusCode} ${answer.body}`);
    const body = JSON.parse(answer.body);
    assert.equal(body.result, 'error');
    assert.ok(!('reference' in body), `a fault: ${answer.body}`);
    return body.message;
  };

  test('__proto__, constructor and their like pollute nothing', async () => {
    const body = asked(
      '&action=WhmcsDetails&__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__][b]=1',
    );
    assert.equal((await send(world, { body })).json().result, 'success');
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  test('names of Object.prototype are no actions and no settings', async () => {
    for (const action of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      assert.match(isRefusal(await send(world, { body: asked(`&action=${action}`) })), /is not a valid API action/);
    for (const setting of ['__proto__', 'constructor', 'APIAllowedIPs', 'License'])
      isRefusal(await send(world, { body: asked(`&action=GetConfigurationValue&setting=${setting}`) }));
  });

  test('a list where one value is due, for every parameter of the door and of an action', async () => {
    for (const name of ['identifier', 'secret', 'action', 'responsetype', 'email', 'password2']) {
      const rest = Object.entries({ ...key, action: 'ValidateLogin', responsetype: 'json', email: 'a@b.example' })
        .filter(([other]) => other !== name)
        .map(([other, value]) => `${other}=${value}`)
        .join('&');
      isRefusal(await send(world, { body: `${rest}&${name}[]=x&${name}[y]=z` }));
    }
  });

  test('Mongo-style operators are lists like any other', async () => {
    isRefusal(await send(world, { body: asked('&action=ValidateLogin&email[$ne]=&password2[$ne]=') }));
  });

  test('a megabyte of nonsense', async () => {
    for (const body of ['\0'.repeat(1_000_000), '&'.repeat(1_000_000), '%'.repeat(1_000_000), '[['.repeat(500_000)])
      isRefusal(await send(world, { body, headers: { accept: 'application/json' }, query: { responsetype: 'json' } }));
  });

  test('ten thousand parameters, and a thousand brackets', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `a${n}=1`).join('&');
    assert.equal((await send(world, { body: asked(`&${many}`) })).statusCode, 400);
    assert.equal((await send(world, { body: asked(`&a${'[b]'.repeat(1000)}=1`) })).statusCode, 400);
  });

  test('more than a megabyte: 413', async () => {
    const answer = await send(world, { body: asked(`&a=${'x'.repeat(2_000_000)}`) });
    assert.equal(answer.statusCode, 413);
    isRefusal(answer);
  });

  test('JSON, XML and a broken multipart body are refused with a sentence', async () => {
    const json = await send(world, { body: JSON.stringify({ ...key }), contentType: 'application/json' });
    assert.equal(json.statusCode, 415);
    assert.match(isRefusal(json), /urlencoded/);
    isRefusal(await send(world, { body: '<a/>', contentType: 'text/xml' }));
    isRefusal(await send(world, { body: '--x\r\n', contentType: 'multipart/form-data; boundary=x' }));
    isRefusal(await send(world, { body: asked(), contentType: 'multipart/form-data' }));
  });

  test('lone surrogates, control characters and markup in what is repeated', async () => {
    const action = '%3Cscript%3Ealert(1)%3C/script%3E%0D%0ASet-Cookie:a=b%ED%A0%80';
    const xml = await send(world, { body: asked(`&action=${action}`).replace('=json', '=xml') });
    assert.ok(!xml.body.includes('<script>'));
    isRefusal(await send(world, { body: asked(`&action=${action}`) }));
    assert.ok(isRefusal(await send(world, { body: asked(`&action=${'x'.repeat(5000)}`) })).length < 200);
  });

  test('numbers that are none', async () => {
    for (const id of ['-1', '1e9', '0x10', '1.5', '99999999999999999999', "1' or '1'='1", 'NaN', '١'])
      isRefusal(await send(world, { body: asked(`&action=CreateSsoToken&client_id=${encodeURIComponent(id)}`) }));
    for (const part of ['limitnum=-1', 'limitnum=abc', 'limitstart=99999999999999999999', 'limitnum=999999999'])
      assert.equal((await send(world, { body: asked(`&action=GetActivityLog&${part}`) })).json().result, 'success');
  });

  test('a fault of ours is a sentence with a reference, and the log has its cause but no secret', async () => {
    const logged: unknown[] = [];
    const original = world.ctx.log.error;
    world.ctx.log.error = ((...args: unknown[]) => void logged.push(args)) as typeof original;
    const { db } = world.ctx;
    Object.assign(world.ctx, { db: undefined }); // the database is gone
    const answer = await call(world, key, 'GetAdminUsers', { password2: 'hunter2-hunter2' });
    Object.assign(world.ctx, { db });
    world.ctx.log.error = original;
    assert.equal(answer.body.result, 'error');
    assert.match(String(answer.body.message), /reference/);
    assert.equal(logged.length, 1);
    const [fields] = logged[0] as [{ err: Error; reference: string }];
    assert.ok(fields.err instanceof Error && fields.reference === answer.body.reference);
    for (const secret of [key.secret, 'hunter2'])
      assert.ok(!JSON.stringify([fields, fields.err.stack]).includes(secret));
  });
});

describe('over a real connection', () => {
  let world: World;
  let key: Credential;
  let port: number;

  before(async () => {
    world = await testWorld('sqlite');
    key = await credentialOf(world);
    await world.app.listen({ port: 0, host: '127.0.0.1' });
    port = (world.app.server.address() as AddressInfo).port;
  });
  after(() => world.close());

  const url = () => `http://127.0.0.1:${port}/includes/api.php`;

  test('a chunked body', async () => {
    const fields = new URLSearchParams({ ...key, action: 'WhmcsDetails', responsetype: 'json' }).toString();
    const chunks = [fields.slice(0, 20), fields.slice(20, 50), fields.slice(50)];
    const body = new ReadableStream({
      async pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) return controller.close();
        await new Promise((later) => setTimeout(later, 5));
        controller.enqueue(Buffer.from(chunk));
      },
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(url(), { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
    assert.equal(((await answer.json()) as { result: string }).result, 'success');
  });

  test('whoever sends five megabytes reads the refusal rather than a broken connection', async () => {
    const answer = await fetch(url(), { method: 'POST', body: `a=${'x'.repeat(5_000_000)}` });
    assert.equal(answer.status, 413);
    assert.equal(((await answer.json()) as { result: string }).result, 'error');
  });

  test('a body that breaks off disturbs nobody', async () => {
    await new Promise<void>((gone) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /includes/api.php HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\naction=', () =>
          socket.destroy(),
        );
      });
      socket.on('close', () => gone());
    });
    const fields = new URLSearchParams({ ...key, action: 'WhmcsDetails', responsetype: 'json' });
    assert.equal((await fetch(url(), { method: 'POST', body: fields })).status, 200);
  });
});

onBothDatabases('attacks on the wire', (database) => {
  let world: World;
  let key: Credential;

  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.example.test' } });
    key = await credentialOf(world);
    await set(world, { 'api-allowed-addresses': '203.0.113.0/24' });
  });
  after(() => world.close());

  const LISTED = '203.0.113.7';
  const validate = (email: string, password2: string, credential = key) =>
    call(world, credential, 'ValidateLogin', { email, password2 }, LISTED);

  test('spoofed X-Forwarded-For and its like do not pass the address list', async () => {
    const fields = { ...key, action: 'WhmcsDetails', responsetype: 'json' };
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'client-ip'];
    for (const name of names) {
      const headers = { [name]: name === 'forwarded' ? `for=${LISTED}` : LISTED };
      const answer = await send(world, { fields, headers, ip: '192.0.2.50' });
      assert.equal(answer.json().message, 'Invalid IP 192.0.2.50', name);
    }
    const own = await send(world, { fields, headers: { 'x-forwarded-for': '192.0.2.50' }, ip: LISTED });
    assert.equal(own.statusCode, 200);
  });

  test('user enumeration by ValidateLogin: the same words, status and work whatever was wrong', async () => {
    const answers = [];
    for (const [email, password] of [
      ['ada@example.test', 'wrong password'],
      ['nobody@example.test', PASSWORD],
      ['root', PASSWORD], // an administrator is no user
      ['', ''],
      ['ada@example.test', ''],
      ['x'.repeat(5000), 'y'.repeat(5000)],
    ] as const) {
      const before = world.ctx.passwords.hashes;
      const { status, body } = await validate(email, password);
      answers.push({ status, body, hashes: world.ctx.passwords.hashes - before });
    }
    const refusal = { status: 200, body: { result: 'error', message: 'Email or Password Invalid' }, hashes: 1 };
    for (const answer of answers) assert.deepEqual(answer, refusal);
  });

  test('password guessing through one credential pauses that person there, in the same words, and nobody else', async () => {
    const other = await credentialOf(world);
    for (let n = 0; n < 12; n += 1) await validate('eve@example.test', `guess ${n}`);
    const paused = await validate('eve@example.test', PASSWORD);
    assert.deepEqual([paused.status, paused.body.message], [200, 'Email or Password Invalid']);
    assert.ok(Number(paused.headers['retry-after']) > 0);
    assert.equal((await validate('ada@example.test', PASSWORD)).body.result, 'success', 'another person');
    assert.equal((await validate('eve@example.test', PASSWORD, other)).body.result, 'success', 'another program');
    world.clock.turn(minutes(16));
    assert.equal((await validate('eve@example.test', PASSWORD)).body.result, 'success', 'later');
  });

  test('a pause tells nothing about who exists', async () => {
    const answers = [];
    for (const email of ['ben@example.test', 'nobody-at-all@example.test']) {
      for (let n = 0; n < 10; n += 1) await validate(email, `guess ${n}`);
      const { status, body, headers } = await validate(email, 'one more');
      answers.push({ status, body, wait: headers['retry-after'] });
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  test('guessing of credentials ends in a pause for that network, and does not stop a right one', async () => {
    const wrong = { identifier: 'a'.repeat(32), secret: 'b'.repeat(32) };
    const from = (ip: string, credential: Credential) => call(world, credential, 'WhmcsDetails', {}, ip);
    let last = await from('203.0.113.99', wrong);
    for (let n = 0; n < 305; n += 1) last = await from('203.0.113.99', wrong);
    assert.equal(last.status, 429);
    assert.ok(Number(last.headers['retry-after']) > 0);
    assert.equal((await from('203.0.113.99', key)).status, 200);
    const lines = await auditLines(world.ctx, { event: 'api.authentication.failed' }, { limit: 500 });
    assert.ok(lines.length >= 2 && lines.length < 12, `${lines.length} lines for 300 guesses`);
    const written = JSON.stringify(lines);
    assert.ok(!written.includes(wrong.identifier) && !written.includes(wrong.secret));
  });

  test('what a paused network sends is answered without a write', async () => {
    const wrong = { identifier: 'a'.repeat(32), secret: 'b'.repeat(32) };
    const before = world.ctx.statementCount();
    assert.equal((await call(world, wrong, 'WhmcsDetails', {}, '203.0.113.99')).status, 429);
    assert.equal(world.ctx.statementCount() - before, 2);
  });

  test('which administrators exist is not told by a sign-in with their password', async () => {
    const answers = [];
    for (const username of ['root', 'sam', 'nobody']) {
      const fields = { username, password: '0'.repeat(32), action: 'GetClients', responsetype: 'json' };
      const answer = await send(world, { fields, ip: '203.0.113.20' });
      answers.push([answer.statusCode, answer.body]);
    }
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(answers[1], answers[2]);
  });

  test('a second factor is not walked around: no token and no session while it is due', async () => {
    const answer = await validate('cleo@example.test', PASSWORD);
    assert.deepEqual(answer.body, { result: 'success', userid: world.cast.cleo.id, twoFactorEnabled: true });
    const log = await auditLines(world.ctx, { event: 'user.login.success', userId: world.cast.cleo.id }, { limit: 5 });
    assert.deepEqual(log, []);
  });

  test('no answer holds a secret, a hash or a token that its caller did not ask for', async () => {
    const calls: [string, Record<string, string>][] = [
      ['GetAdminDetails', {}],
      ['GetAdminUsers', { include_disabled: '1' }],
      ['GetActivityLog', { limitnum: '1000' }],
      ['GetConfigurationValue', { setting: 'SystemURL' }],
      ['WhmcsDetails', {}],
    ];
    for (const [action, values] of calls) {
      const text = JSON.stringify((await call(world, key, action, values, LISTED)).body);
      assert.ok(!text.includes(key.secret) && !text.includes('$argon2') && !text.includes(PASSWORD), action);
    }
  });

  test('DecryptPassword opens nothing that Doorward keeps sealed', async () => {
    for (const purpose of ['letter', 'totp', 'api.password'])
      assert.equal(
        (await call(world, key, 'DecryptPassword', { password2: world.ctx.seal.seal(purpose, 'x') }, LISTED)).body
          .result,
        'error',
      );
  });

  test('an action gets no credential of its caller to print or keep', async () => {
    const fields = { ...key, username: 'u-secret', password: 'p-secret', accesskey: 'a-secret', responsetype: 'json' };
    await send(world, { fields: { ...fields, action: 'LogActivity', description: 'x' }, ip: LISTED });
    const log = await call(world, key, 'GetActivityLog', { limitnum: '1' }, LISTED);
    assert.ok(!JSON.stringify(log.body).includes('secret'));
  });
});
