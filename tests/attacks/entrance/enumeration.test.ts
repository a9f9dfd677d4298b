// User enumeration: telling from an answer whether an address has an account here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { addUser, setUserDisabled } from '#domain/users/users.ts';
import { seen } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

/** Somebody, somebody with a second factor, deactivated, without a password, and nobody. */
const ADDRESSES = [
  'ada@example.test',
  'cleo@example.test',
  'gone@example.test',
  'new@example.test',
  'nobody@example.test',
] as const;

onBothDatabases('enumeration', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
    const actor = systemActor('Test');
    const person = { lastName: 'Person', passwordHash: await sealedPassword() };
    const gone = await addUser(world.ctx, actor, { ...person, firstName: 'Gone', email: 'gone@example.test' });
    await setUserDisabled(world.ctx, actor, gone, true);
    await addUser(world.ctx, actor, { firstName: 'New', lastName: 'Person', email: 'new@example.test' });
  });
  after(() => world.close());

  test('a wrong password is refused alike, in words, status and headers, for everybody and for nobody', async () => {
    const answers: unknown[] = [];
    for (const email of ADDRESSES) {
      const answer = await world.browser().post('/login', { email, password: 'wrong password here' });
      assert.equal(answer.statusCode, 422);
      answers.push(seen(answer, [email]));
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });

  test('the right password of somebody deactivated is refused like a wrong one of nobody', async () => {
    const gone = await world.browser().post('/login', { email: 'gone@example.test', password: PASSWORD });
    const nobody = await world.browser().post('/login', { email: 'nobody@example.test', password: PASSWORD });
    assert.deepEqual(seen(gone, ['gone@example.test']), seen(nobody, ['nobody@example.test']));
  });

  test('each refusal costs one slow computation, whoever it was', async () => {
    for (const email of ADDRESSES) {
      const browser = world.browser({ ip: '198.51.100.7' });
      await browser.get('/login');
      const before = world.ctx.passwords.hashes;
      await browser.post('/login', { email, password: 'wrong password here' });
      assert.equal(world.ctx.passwords.hashes - before, 1, email);
    }
  });

  test('too many tries are refused alike, and after the same number', async () => {
    const refusedAfter = async (email: string): Promise<{ tries: number; answer: unknown }> => {
      const browser = world.browser({ ip: '203.0.113.9' });
      for (let tries = 1; tries < 40; tries += 1) {
        const answer = await browser.post('/login', { email, password: 'wrong password here' });
        if (answer.statusCode === 429) return { tries, answer: seen(answer, [email]) };
      }
      throw new Error('never refused');
    };
    assert.deepEqual(await refusedAfter('ben@example.test'), await refusedAfter('absent@example.test'));
  });

  test('staff names are not told either', async () => {
    const answers: unknown[] = [];
    for (const username of ['root', 'sam', 'nobody']) {
      const before = world.ctx.passwords.hashes;
      const answer = await world.browser().post('/admin/login', { username, password: 'wrong password here' });
      assert.equal(world.ctx.passwords.hashes - before, 1);
      answers.push(seen(answer, [`value="${username}"`]));
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });

  test('asking for a link is answered alike for every address, before any letter is written', async () => {
    const answers: unknown[] = [];
    const pages: unknown[] = [];
    for (const email of ADDRESSES) {
      const browser = world.browser();
      answers.push(seen(await browser.post('/password/reset', { email })));
      pages.push(seen(await browser.get('/password/reset/sent')));
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    for (const page of pages) assert.deepEqual(page, pages[0]);
  });

  test('asking for a link computes no hash, and asking too often is refused alike', async () => {
    const before = world.ctx.passwords.hashes;
    const refusedAfter = async (email: string, ip: string): Promise<{ tries: number; answer: unknown }> => {
      const browser = world.browser({ ip });
      for (let tries = 1; tries < 40; tries += 1) {
        const answer = await browser.post('/password/reset', { email });
        if (answer.statusCode === 429) return { tries, answer: seen(answer, [email]) };
      }
      throw new Error('never refused');
    };
    assert.deepEqual(
      await refusedAfter('eve@example.test', '192.0.2.1'),
      await refusedAfter('absent@example.test', '198.51.100.1'),
    );
    assert.equal(world.ctx.passwords.hashes, before);
  });

  test('links go to those who are here and may sign in; nobody gets one word a day that nobody is', async () => {
    const letters = await letterHistory(world.ctx, {}, { limit: 100 });
    const kindsTo = (address: string) => [
      ...new Set(letters.filter(({ to }) => to === address).map(({ kind }) => kind)),
    ];
    assert.deepEqual(kindsTo('gone@example.test'), []);
    for (const nobody of ['nobody@example.test', 'absent@example.test']) {
      assert.deepEqual(kindsTo(nobody), ['no-account']);
      assert.equal(letters.filter(({ to }) => to === nobody).length, 1);
    }
    assert.deepEqual(kindsTo('ada@example.test'), ['set-password']);
  });

  test('links that are made up answer alike, whatever their form', async () => {
    const first = seen(await world.browser().get(`/password/set/${'A'.repeat(43)}`));
    for (const token of ['x', '0', '%00', "'--", 'A'.repeat(44), '../../admin']) {
      const answer = await world.browser().get(`/password/set/${encodeURIComponent(token)}`);
      assert.deepEqual(seen(answer), first, token);
    }
  });
});
