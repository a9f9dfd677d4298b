// Users in the admin area: found, changed, helped to a password, signed out, shut out, deleted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { removeMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { addUser, findUser, userOf } from '#domain/users/users.ts';
import { fieldValue, leadsTo, signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const FRESH = 'nine paper boats drifting';

const isIn = async (browser: TestBrowser): Promise<boolean> => (await browser.get('/user/profile')).statusCode === 200;

onBothDatabases('the list of users', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    for (let n = 1; n <= 30; n += 1)
      await addUser(world.ctx, actor, { firstName: 'Person', lastName: `Number${n}`, email: `p${n}@example.test` });
  });
  after(() => world.close());

  const idsOn = (body: string) => [...body.matchAll(/href="\/admin\/users\/(\d+)"/g)].map(([, id]) => Number(id));

  test('it says who, by which address, how many clients, whether there is a second factor, and the last sign-in', async () => {
    await world.browser().signIn('ada@example.test');
    const words = wordsOf(await root.get('/admin/users?q=ada@'));
    assert.match(
      words,
      /Ada Lovelace E-mail ada@example\.test Clients 1 State Active Protection No second factor\. No security question\. Last sign-in now/,
    );
    assert.match(
      wordsOf(await root.get('/admin/users?q=cleo')),
      /Protection Second factor set up\. No security question\. Last sign-in – never/,
    );
    assert.match(wordsOf(await root.get('/admin/users?q=number30')), /Clients 0 State No password yet/);
  });

  test('leafing forward and back shows every user once', async () => {
    const first = await root.get('/admin/users');
    assert.match(wordsOf(first), /25 of 34 users/);
    const next = /rel="next" href="([^"]*)"/.exec(first.body)?.[1] ?? '';
    const second = await root.get(next);
    const ids = [...idsOn(first.body), ...idsOn(second.body)];
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => b - a),
    );
    assert.equal(ids.length, 34);
    const back = /rel="prev" href="([^"]*)"/.exec(second.body)?.[1] ?? '';
    assert.deepEqual(idsOn((await root.get(back)).body), idsOn(first.body));
  });

  test('nobody is made from it: people come with a client, an invitation or a program', async () => {
    assert.doesNotMatch((await root.get('/admin/users')).body, /href="\/admin\/users\/new"/);
    assert.equal((await root.get('/admin/users/new')).statusCode, 404);
    assert.equal((await root.post('/admin/users/new', {}, { from: '/admin/users' })).statusCode, 404);
  });

  test('a search that finds nobody says so', async () => {
    assert.match(wordsOf(await root.get('/admin/users?q=nobodyatall')), /No user fits/);
  });
});

onBothDatabases('a user', (database) => {
  let world: World;
  let root: TestBrowser;
  const at = (name: 'ada' | 'ben' | 'cleo' | 'eve') => `/admin/users/${world.cast[name].id}`;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test('their page shows the accounts they may enter, and what they may do there', async () => {
    assert.match(
      wordsOf(await root.get(at('ben'))),
      /Analytical Engines Ltd May do See products, See and open tickets/,
    );
    assert.match(wordsOf(await root.get(at('ada'))), /Analytical Engines Ltd Owner May do Everything/);
  });

  test('the names of accounts are for those who may list clients', async () => {
    const words = wordsOf(await (await staffWith(world, ['List Users'])).get(at('ben')));
    assert.doesNotMatch(words, /Analytical/);
    assert.match(words, /One account\./);
  });

  test('names, address and language are saved', async () => {
    const fields = { firstName: 'Benjamin', lastName: 'Guest', email: 'benjamin@example.test', language: 'english' };
    assert.equal(leadsTo(await root.post(`${at('ben')}/profile`, fields)), `${at('ben')}/profile`);
    const { firstName, lastName, email, language } = await userOf(world.ctx, world.cast.ben.id);
    assert.deepEqual({ firstName, lastName, email, language }, fields);
  });

  test('an address that is taken, and what is missing, are said at the field, and what was typed stays', async () => {
    const fields = { firstName: 'Ben', lastName: '', email: 'ADA@example.test', language: '' };
    const missing = await root.post(`${at('ben')}/profile`, fields);
    assert.deepEqual([missing.statusCode, wrongFields(missing)], [422, ['lastName']]);
    const taken = await root.post(`${at('ben')}/profile`, { ...fields, lastName: 'Guest' });
    assert.deepEqual([taken.statusCode, wrongFields(taken)], [422, ['email']]);
    assert.equal(fieldValue(taken, 'email'), 'ADA@example.test');
    assert.equal((await userOf(world.ctx, world.cast.ben.id)).email, 'benjamin@example.test');
  });

  test('the password letter goes to their address, its link sets a password, and the way back is where one came from', async () => {
    const client = world.cast.eve.clientId;
    const page = `${at('eve')}/password-letter?client=${client}`;
    const answer = await root.post(page, {});
    assert.equal(leadsTo(answer), `/admin/clients/${client}/users`);
    assert.equal(leadsTo(await root.post(`${at('eve')}/password-letter`)), at('eve'));
    const { link } = await world.letterTo('eve@example.test');
    const eve = world.browser();
    await eve.post(new URL(link).pathname, { password: FRESH });
    await eve.signIn('eve@example.test', FRESH);
    assert.equal(await isIn(eve), true);
  });

  test('a way back that is no number leads to the user, never elsewhere', async () => {
    for (const client of ['//evil.example', '1/../../x', 'https://evil.example', '-1', '1e9', ''])
      assert.equal(
        leadsTo(await root.post(`${at('eve')}/password-letter?client=${encodeURIComponent(client)}`)),
        at('eve'),
      );
  });

  test('who never had a password gets the welcome letter, whose link holds longer', async () => {
    const id = await addUser(world.ctx, actor, { firstName: 'New', lastName: 'Person', email: 'new@example.test' });
    assert.match(wordsOf(await root.get(`/admin/users/${id}/password-letter`)), /within 72 hours/);
    await root.post(`/admin/users/${id}/password-letter`);
    assert.match((await world.letterTo('new@example.test')).subject, /Welcome/);
    assert.match(wordsOf(await root.get(`${at('ada')}/password-letter`)), /within 60 minutes/);
  });

  test('a password set by staff ends every session and opens the door, and the person is told', async () => {
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    assert.equal(await isIn(ada), true);
    const weak = await root.post(`${at('ada')}/password`, { password: 'lovelace1' });
    assert.deepEqual([weak.statusCode, wrongFields(weak)], [422, ['password']]);
    assert.ok(!weak.body.includes('lovelace1'));
    assert.equal(await isIn(ada), true);
    assert.match(wordsOf(await root.get(`${at('ada')}/password`)), /signed out of 1 session/);
    assert.equal(leadsTo(await root.post(`${at('ada')}/password`, { password: FRESH })), at('ada'));
    assert.equal(await isIn(ada), false);
    await ada.signIn('ada@example.test', PASSWORD);
    assert.equal(await isIn(ada), false);
    assert.match((await world.letterTo('ada@example.test')).subject, /changed/i);
    await ada.signIn('ada@example.test', FRESH);
    assert.equal(await isIn(ada), false, 'two people know it, so another is asked for');
    await ada.post('/login/new-password', { password: `${FRESH}, hers` });
    assert.equal(await isIn(ada), true);
  });

  test('where a client and its owner differ, both stand side by side, and one press makes them alike either way', async () => {
    const { clientId, id } = world.cast.cleo;
    const match = `/admin/clients/${clientId}/owner-match`;
    assert.doesNotMatch(wordsOf(await root.get('/admin/users/drift')), /Cleo/);
    await root.post(`${at('cleo')}/profile`, {
      firstName: 'Cleo',
      lastName: 'Philopator',
      email: 'cleo@example.test',
      language: '',
    });
    assert.match(wordsOf(await root.get('/admin/users/drift')), /Cleo/);
    assert.match(wordsOf(await root.get(match)), /Patra.*Philopator|Philopator.*Patra/);
    await root.post(`${match}/to-client`, {}, { from: match });
    assert.equal((await clientOf(world.ctx, clientId)).lastName, 'Philopator');
    await changeClient(world.ctx, actor, clientId, { lastName: 'Patra' });
    await root.post(`${match}/to-owner`, {}, { from: match });
    assert.equal((await userOf(world.ctx, id)).lastName, 'Patra');
    assert.doesNotMatch(wordsOf(await root.get('/admin/users/drift')), /Cleo/);
  });

  test('sessions are listed by browser and network, and end all at once', async () => {
    const laptop = world.browser({ ip: '203.0.113.5', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' });
    await laptop.signIn('eve@example.test', FRESH);
    const list = wordsOf(await root.get(`${at('eve')}/sessions`));
    assert.match(list, /Firefox on Linux.*203\.0\.113\.5/);
    const { length } = await sessionsOf(world.ctx, { userId: world.cast.eve.id });
    assert.ok(length > 1);
    assert.match(wordsOf(await root.get(`${at('eve')}/sessions/end`)), new RegExp(`${length} sessions end at once`));
    await root.post(`${at('eve')}/sessions/end`);
    assert.equal(await isIn(laptop), false);
    assert.match(wordsOf(await root.get(`${at('eve')}/sessions`)), /Not signed in anywhere/);
  });

  test('who is deactivated is out at once and stays out, and gets no letter, until activated', async () => {
    const eve = world.browser();
    await eve.signIn('eve@example.test', FRESH);
    assert.match(wordsOf(await root.get(`${at('eve')}/deactivation`)), /not enter 1 account.*1 session ends at once/);
    assert.equal(leadsTo(await root.post(`${at('eve')}/deactivation`)), at('eve'));
    assert.equal(await isIn(eve), false);
    await eve.signIn('eve@example.test', FRESH);
    assert.equal(await isIn(eve), false);
    const letter = await root.post(`${at('eve')}/password-letter`, {}, { from: '/admin' });
    assert.equal(letter.statusCode, 409);
    assert.match(wordsOf(await root.get(at('eve'))), /cannot sign in/);
    assert.equal(leadsTo(await root.post(`${at('eve')}/activation`)), at('eve'));
    await eve.signIn('eve@example.test', FRESH);
    assert.equal(await isIn(eve), true);
  });

  test('who has a client cannot be deleted; who has none can, by their address typed', async () => {
    const path = `${at('ben')}/deletion`;
    assert.match(wordsOf(await root.get(path)), /still has access to a client/);
    assert.equal((await root.post(path, { confirm: 'benjamin@example.test' }, { from: '/admin' })).statusCode, 409);
    assert.ok(await findUser(world.ctx, world.cast.ben.id));
    await removeMember(world.ctx, actor, world.cast.ben.id, world.cast.ada.clientId);
    const wrong = await root.post(path, { confirm: 'Ben' });
    assert.deepEqual([wrong.statusCode, wrongFields(wrong)], [422, ['confirm']]);
    assert.equal(leadsTo(await root.post(path, { confirm: 'Benjamin@example.test' })), '/admin/users');
    assert.equal(await findUser(world.ctx, world.cast.ben.id), undefined);
    for (const tab of ['', '/profile', '/sessions', '/password', '/password-letter', '/deactivation', '/deletion'])
      assert.equal((await root.get(`${at('ben')}${tab}`)).statusCode, 404, tab);
  });
});
