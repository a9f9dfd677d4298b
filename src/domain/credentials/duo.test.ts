// How Duo is asked: the settings that let it, the link to its prompt, what counts as a yes, what staff read when it does not
// work, and that nobody but Duo is believed.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { systemActor } from '#domain/audit/actor.ts';
import { duoClientSecret } from '#domain/credentials/duo.settings.ts';
import { addDuo, askForDuo, confirmDuo, duoOf, isDuoOffered } from '#domain/credentials/duo.ts';
import { askDuo, duoFault, duoPrompt, isDuoThere, openClient, troubleIn } from '#domain/credentials/duo-service.ts';
import { newDuoState, readDuoState, spendDuoState, VISIT_MS } from '#domain/credentials/duo-visit.ts';
import { holdersWithFactor } from '#domain/credentials/factors.ts';
import { changeSettings, secretOf } from '#domain/settings/settings.ts';
import { seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import { DUO_CLIENT, DUO_HOST, DUO_SECRET, DuoStandIn, useDuo } from '#tests/duo.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const APPLICATION = { clientId: DUO_CLIENT, clientSecret: DUO_SECRET, apiHost: DUO_HOST };
const ASKED = { name: 'ada@example.test', callback: 'https://door.example/login/duo/callback', nonce: 'n'.repeat(22) };

onBothDatabases('Duo', (database) => {
  let world: World;
  let duo: DuoStandIn;
  before(async () => {
    duo = await DuoStandIn.start();
    world = await testWorld(database);
  });
  after(async () => {
    await world.close();
    await duo.stop();
  });
  const again = (): void => {
    duo.is = 'up';
    world.clock.turn(seconds(11)); // what is known of its health is older now
  };
  const visit = () => ({
    purpose: 'enrol' as const,
    holder: { kind: 'user' as const, id: world.cast.ada.id },
    browser: 'b',
  });

  test('nobody is offered it before everything is entered, and nobody is asked', async () => {
    const { ctx } = world;
    await changeSettings(ctx, actor, { 'duo-users': 'on', 'duo-client-id': DUO_CLIENT, 'duo-api-host': DUO_HOST });
    assert.equal(await isDuoOffered(ctx, 'user'), false);
    assert.equal(await isDuoThere(ctx), false);
    assert.equal(await askForDuo(ctx, visit(), 'ada', { goto: '', trust: false }), undefined);
    assert.deepEqual(duo.asked, []);
    await useDuo(ctx);
    assert.equal(await isDuoOffered(ctx, 'user'), true);
    await changeSettings(ctx, actor, { 'duo-users': '' });
    assert.deepEqual([await isDuoOffered(ctx, 'user'), await isDuoOffered(ctx, 'administrator')], [false, true]);
    await useDuo(ctx);
  });

  test('settings take a host of Duo and nothing else, and the secret is kept sealed', async () => {
    const { ctx } = world;
    const faultOf = async (given: Record<string, string>): Promise<string> =>
      changeSettings(ctx, actor, given).then(
        () => '',
        (error: unknown) => (error instanceof Problem ? (Object.values(error.fields)[0] ?? '') : String(error)),
      );
    for (const host of ['https://api-1a2b3c4d.duosecurity.com', 'api-1a2b3c4d.duosecurity.com:443', 'duosecurity.com'])
      assert.equal(await faultOf({ 'duo-api-host': host }), 'setting-not-a-duo-host', host);
    for (const host of [
      'api-1a2b3c4d.duosecurity.com.evil.example',
      'api-1a2b.evil.example/duosecurity.com',
      'localhost',
    ])
      assert.equal(await faultOf({ 'duo-api-host': host }), 'setting-not-a-duo-host', host);
    assert.equal(await faultOf({ 'duo-api-host': ' api-1a2b3c4d.duofederal.com ' }), '');
    assert.equal(await faultOf({ 'duo-client-id': 'DI too short' }), 'setting-not-a-duo-client');
    assert.equal(await faultOf({ 'duo-client-secret': 'x'.repeat(39) }), 'setting-not-a-duo-secret');
    await useDuo(ctx);
    assert.equal(await secretOf(ctx, duoClientSecret), DUO_SECRET);
    const stored = await ctx.db.selectFrom('settings').selectAll().execute();
    assert.equal(JSON.stringify(stored).includes(DUO_SECRET), false);
  });

  test('a state is good for its purpose, person and browser, for five minutes, and spent once', async () => {
    const { ctx, cast } = world;
    const state = newDuoState(ctx, visit(), { goto: '/user/security', trust: true });
    assert.ok(state.length >= 22 && state.length <= 1024, 'as Duo takes it');
    assert.ok(newDuoState(ctx, visit(), { goto: `/${'x'.repeat(299)}`, trust: false }).length <= 1024);
    const read = readDuoState(ctx, visit(), state);
    assert.deepEqual([read?.goto, read?.trust, read?.until], ['/user/security', true, ctx.now() + VISIT_MS]);
    assert.equal(readDuoState(ctx, { ...visit(), purpose: 'second-factor' }, state), undefined);
    assert.equal(readDuoState(ctx, { ...visit(), browser: 'c' }, state), undefined);
    assert.equal(readDuoState(ctx, { ...visit(), holder: { kind: 'user', id: cast.eve.id } }, state), undefined);
    assert.equal(
      readDuoState(ctx, { ...visit(), holder: { kind: 'administrator', id: cast.ada.id } }, state),
      undefined,
    );
    assert.equal(
      readDuoState(ctx, visit(), `${state.slice(0, 30)}${state[30] === 'A' ? 'B' : 'A'}${state.slice(31)}`),
      undefined,
    );
    const spent = await Promise.all([1, 2, 3].map(() => spendDuoState(ctx, state, read?.until ?? 0)));
    assert.equal(spent.filter(Boolean).length, 1);
    world.clock.turn(VISIT_MS);
    assert.equal(readDuoState(ctx, visit(), state), undefined);
    assert.equal(await spendDuoState(ctx, state, read?.until ?? 0), false);
  });

  test('the prompt is asked for one name, with our callback, and its health once in ten seconds', async () => {
    again();
    duo.asked.length = 0;
    for (let i = 0; i < 3; i += 1) assert.ok(await duoPrompt(world.ctx, { ...ASKED, state: 's'.repeat(30) }));
    assert.deepEqual(duo.asked, ['/oauth/v1/health_check']);
    const prompt = (await duoPrompt(world.ctx, { ...ASKED, state: 's'.repeat(30) })) ?? '';
    assert.equal(DuoStandIn.nameIn(prompt), ASKED.name);
    assert.equal(new URL(prompt).searchParams.get('nonce'), ASKED.nonce);
    assert.match(duo.approve(prompt), /^https:\/\/door\.example\/login\/duo\/callback\?duo_code=[^&]+&state=s{30}$/);
  });

  test('a plain yes to this visit by this person is one, once; all else is none', async () => {
    const { ctx } = world;
    const prompt = (await duoPrompt(ctx, { ...ASKED, state: 's'.repeat(30) })) ?? '';
    const code = (lie = {}): string => new URL(duo.approve(prompt, lie)).searchParams.get('duo_code') ?? '';
    const good = code();
    assert.equal(await askDuo(ctx, good, ASKED), 'allowed');
    assert.equal(await askDuo(ctx, good, ASKED), 'refused', 'a code works once');
    assert.equal(await askDuo(ctx, '', ASKED), 'refused');
    assert.equal(await askDuo(ctx, 'x'.repeat(3000), ASKED), 'refused');
    assert.equal(await askDuo(ctx, code(), { ...ASKED, name: 'eve@example.test' }), 'refused');
    assert.equal(await askDuo(ctx, code(), { ...ASKED, callback: 'https://door.example/other' }), 'refused');
    const past = Math.floor(Date.now() / 1000) - 3600;
    const lies = {
      denied: { claims: { auth_result: { result: 'deny', status: 'deny', status_msg: 'Denied' } } },
      'no result': { claims: { auth_result: undefined } },
      'another name': { claims: { preferred_username: 'eve@example.test' } },
      'no name': { claims: { preferred_username: undefined } },
      'another nonce': { claims: { nonce: 'other' } },
      'another audience': { claims: { aud: 'DIYYYYYYYYYYYYYYYYYY' } },
      'another issuer': { claims: { iss: 'https://api-evil0000.duosecurity.com/oauth/v1/token' } },
      'too old': { claims: { iat: past - 300, exp: past } },
      'another secret': { secret: 'y'.repeat(40) },
      'another algorithm': { alg: 'HS256' },
      'no signature': { alg: 'none' },
    } as const;
    for (const [what, lie] of Object.entries(lies)) assert.equal(await askDuo(ctx, code(lie), ASKED), 'refused', what);
  });

  test('when Duo is gone, or does not know us, nobody can say', async () => {
    const { ctx } = world;
    const prompt = (await duoPrompt(ctx, { ...ASKED, state: 's'.repeat(30) })) ?? '';
    const code = new URL(duo.approve(prompt)).searchParams.get('duo_code') ?? '';
    again();
    duo.is = 'gone';
    assert.equal(await isDuoThere(ctx), false);
    assert.equal(await askDuo(ctx, code, ASKED), 'unavailable');
    for (const says of [
      { error: 'invalid_client', error_description: 'Integration type does not support frameless access.' },
      { stat: 'FAIL', code: 50000, message: 'Internal', message_detail: 'trouble' },
      {},
    ]) {
      again();
      duo.is = { status: 400, says };
      assert.equal(await isDuoThere(ctx), false);
      assert.equal((await duoFault(ctx))?.trouble, 'error' in says ? 'old-application' : 'silent');
      assert.equal(await askDuo(ctx, code, ASKED), 'unavailable');
      assert.equal(await duoPrompt(ctx, { ...ASKED, state: 's'.repeat(30) }), undefined);
    }
    again();
    duo.is = { status: 302, says: {} };
    assert.equal(await askDuo(ctx, code, ASKED), 'unavailable', 'no redirect is followed');
    again();
    assert.equal(await isDuoThere(ctx), true);
    await changeSettings(ctx, actor, { 'duo-client-secret': 'w'.repeat(40) });
    assert.equal((await duoFault(ctx))?.trouble, 'credentials', 'another secret is asked about at once');
    await useDuo(ctx);
  });

  test('one person of Duo stands for one of ours, and a visit sets it up once', async () => {
    const { ctx, cast } = world;
    const confirmed = async (id: number, name: string) => {
      const asking = { ...visit(), holder: { kind: 'user' as const, id } };
      const back = new URL(duo.approve((await askForDuo(ctx, asking, name, { goto: '', trust: false })) ?? ''));
      const given = { state: back.searchParams.get('state') ?? '', code: back.searchParams.get('duo_code') ?? '' };
      return confirmDuo(ctx, asking, name, given);
    };
    const add = async (id: number, name: string) => {
      const what = { confirmed: await confirmed(id, name), keepSessionId: undefined };
      return ctx.transaction((tx) => addDuo(tx, actor, { kind: 'user', id }, what));
    };
    assert.equal(await add(cast.ada.id, 'Ada@Example.test '), 'duo');
    assert.equal((await duoOf(ctx, { kind: 'user', id: cast.ada.id }))?.name, 'ada@example.test');
    await assert.rejects(add(cast.eve.id, 'ada@example.test'), { code: 'duo-taken' });
    await assert.rejects(add(cast.ada.id, 'ada@example.test'), { code: 'duo-taken' });
    const once = { confirmed: await confirmed(cast.ben.id, 'ben@example.test'), keepSessionId: undefined };
    const ben = { kind: 'user', id: cast.ben.id } as const;
    await ctx.transaction((tx) => addDuo(tx, actor, ben, once));
    await assert.rejects(
      ctx.transaction((tx) => addDuo(tx, actor, ben, once)),
      { code: 'duo-over' },
    );
    const found = await holdersWithFactor(ctx, 'user', [cast.ada.id, cast.ben.id, cast.eve.id]);
    assert.deepEqual([...found].sort(), [cast.ada.id, cast.ben.id].sort());
    await ctx.db.deleteFrom('duo_holders').execute();
  });
});

describe('the wire to Duo', () => {
  test('every request has an end, and follows nothing', async () => {
    const http: unknown = Reflect.get(await openClient(APPLICATION, ASKED.callback), 'axios');
    assert.ok(typeof http === 'function' && 'defaults' in http);
    const { timeout, maxRedirects, maxContentLength, signal } = Object(http.defaults);
    assert.deepEqual([timeout, maxRedirects, maxContentLength], [5000, 0, 65_536]);
    assert.ok(signal instanceof AbortSignal);
  });

  test('whoever stands between with a certificate of their own is not believed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doorward-duo-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', `/CN=${DUO_HOST}`, '-addext', `subjectAltName=DNS:${DUO_HOST}`, '-days', '2'];
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', key, '-out', cert, ...subject],
    ]);
    let reached = 0;
    const between = createServer({ key: await readFile(key), cert: await readFile(cert) }, (socket) => {
      reached += 1;
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"stat":"OK"}');
    });
    await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
    const real = Agent.prototype.createConnection;
    const { port } = between.address() as AddressInfo; // it listens by TCP
    Agent.prototype.createConnection = function (this: Agent, options, ...rest) {
      return real.call(this, { ...options, host: '127.0.0.1', port, servername: DUO_HOST }, ...rest);
    };
    try {
      const client = await openClient(APPLICATION, ASKED.callback);
      await assert.rejects(client.healthCheck(), (error: Error) => /self.signed/i.test(error.message));
      assert.equal(reached, 0, 'nothing was said to them');
    } finally {
      Agent.prototype.createConnection = real;
      await new Promise((done) => between.close(done));
      await rm(folder, { recursive: true });
    }
  });

  test('what came back is told apart, for staff to act on', () => {
    const meanings = {
      'invalid_client: Integration type does not support frameless access.': 'old-application',
      'invalid_client: The provided client_assertion was invalid.': 'credentials',
      'The Client Secret is invalid': 'credentials',
      'invalid_client: The client_assertion has expired.': 'clock',
      'self-signed certificate in certificate chain': 'between',
      'unable to get local issuer certificate': 'between',
      'timeout of 5000ms exceeded': 'silent',
      canceled: 'silent',
    };
    for (const [why, trouble] of Object.entries(meanings)) assert.equal(troubleIn(why), trouble, why);
  });
});
