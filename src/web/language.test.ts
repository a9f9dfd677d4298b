// The language of a visit, through the front door.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { invite } from '#domain/access/invitations.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeDetailsAndFields } from '#domain/fields/account-changes.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { addTemplate, saveText } from '#domain/mail/template-changes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { changeUser } from '#domain/users/users.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

describe('a page speaks', () => {
  let world: World;
  before(async () => {
    world = await testWorld('sqlite');
  });
  after(() => world.close());

  const spokenOf = (body: string): string | undefined =>
    /<html lang="([^"]*)" dir="([^"]*)"/.exec(body)?.slice(1).join(' ');
  const spoken = async (path: string, headers: Record<string, string> = {}, browser = world.browser()) =>
    spokenOf((await browser.get(path, headers)).body);

  test('what a stranger’s browser asks for, the best of ours first', async () => {
    assert.equal(await spoken('/login', { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }), 'de ltr');
    assert.equal(await spoken('/login', { 'accept-language': 'ja,ar;q=0.3,en;q=0.2' }), 'ar rtl');
    assert.equal(await spoken('/login', { 'accept-language': 'en;q=0.1,pt-PT' }), 'pt ltr');
  });

  test('what the operator chose, where a browser asks for nothing of ours, or for nonsense', async () => {
    const asks = ['ja', '', ';;;q=', 'x'.repeat(5000), 'de;q=0', '__proto__'];
    for (const header of asks) assert.equal(await spoken('/login', { 'accept-language': header }), 'en ltr', header);
    await changeSettings(world.ctx, SYSTEM, { 'default-language': 'turkish' });
    for (const header of asks) assert.equal(await spoken('/login', { 'accept-language': header }), 'tr ltr', header);
    await changeSettings(world.ctx, SYSTEM, { 'default-language': 'english' });
  });

  test('what a stranger chose by the address, also on the next page; an unknown name chooses nothing', async () => {
    const browser = world.browser();
    assert.equal(await spoken('/login?language=german', { 'accept-language': 'fr' }, browser), 'de ltr');
    assert.equal(await spoken('/login', { 'accept-language': 'fr' }, browser), 'de ltr');
    assert.equal(await spoken('/login?language=klingon', { 'accept-language': 'fr' }, browser), 'de ltr');
    assert.equal(await spoken('/login?language=../../etc', { 'accept-language': 'fr' }), 'fr ltr');
    assert.equal(await spoken('/login?language=constructor', { 'accept-language': 'fr' }), 'fr ltr');
  });

  test('to a stranger with a list of all languages that keeps the way back', async () => {
    const { body } = await world
      .browser()
      .get('/login?goto=%2Fuser%2Fprofile%3Fa%3Db%26c', { 'accept-language': 'en' });
    assert.match(body, /href="\?goto=%2Fuser%2Fprofile%3Fa%3Db%26c&amp;language=ar" lang="ar"/);
    assert.match(body, /<span lang="en" aria-current="true">English<\/span>/);
  });

  test('to whoever is signed in the language of their profile, whatever the browser asks for', async () => {
    const { ada } = world.cast;
    const browser = world.browser();
    await browser.signIn(ada.email);
    assert.equal(await spoken('/user/profile', { 'accept-language': 'fr' }, browser), 'fr ltr');
    await changeUser(world.ctx, SYSTEM, ada.id, { language: 'spanish' });
    assert.equal(await spoken('/user/profile', { 'accept-language': 'fr' }, browser), 'es ltr');
    assert.equal(await spoken('/user/profile?language=german', {}, browser), 'es ltr');
  });
});

onBothDatabases('a letter speaks', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const subjectOf = async (userId: number, email: string): Promise<string> => {
    await world.ctx.transaction((tx) => sendPasswordLink(tx, SYSTEM, userId, 'asked'));
    return (await world.letterTo(email)).subject;
  };

  test('the language of the person, and the operator’s to whoever chose none', async () => {
    const { ada, ben } = world.cast;
    await changeUser(world.ctx, SYSTEM, ada.id, { language: 'english' });
    const english = await subjectOf(ada.id, ada.email);
    assert.equal(await subjectOf(ben.id, ben.email), english);
    await changeSettings(world.ctx, SYSTEM, { 'default-language': 'turkish' });
    assert.equal(await subjectOf(ada.id, ada.email), english);
    assert.notEqual(await subjectOf(ben.id, ben.email), english);
    await changeSettings(world.ctx, SYSTEM, { 'default-language': 'english' });
  });

  test('one language all through, also to strangers, of the operator’s own letters, and in dates and names in it', async () => {
    const { ctx, cast } = world;
    await changeSettings(ctx, SYSTEM, { 'default-language': 'turkish', 'tell-detail-changes': 'on' });
    await changeUser(ctx, SYSTEM, cast.ada.id, { language: '' });
    const wanted = { permissions: ['invoices'] as const, serviceIds: [], mayInvite: false };
    const ends = { startsAt: undefined, endsAt: undefined };
    await invite(ctx, SYSTEM, cast.eve.clientId, { email: 'stranger@example.test', ...wanted, ...ends });
    const invitation = await world.letterTo('stranger@example.test');
    assert.match(invitation.text, /8 Haziran 2026/);
    assert.doesNotMatch(invitation.text, /invoices|Invoices|invited/);

    const own = { type: 'general', subject: 'News {$client_signup_date}', body: '{$client_country}', small: '' };
    const id = await addTemplate(ctx, SYSTEM, { name: 'News', ...own });
    await saveText(ctx, SYSTEM, id, 'tr', { ...own, subject: 'Haberler {$client_signup_date}' });
    await world.api('SendEmail', { messagename: 'News', id: cast.eve.clientId });
    const news = await world.letterTo(cast.eve.email);
    assert.deepEqual([news.subject, /Birleşik Krallık/.test(news.text)], ['Haberler 1 Haziran 2026', true]);

    await world.browser().signIn(cast.ada.email);
    await world
      .browser({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })
      .signIn(cast.ada.email);
    const device = await world.letterTo(cast.ada.email);
    assert.match(device.text, /1 Haziran 2026/);
    assert.doesNotMatch(device.text, /June|unknown|Unknown|Firefox on/);

    const details = { ...(await clientOf(ctx, cast.ada.clientId)), city: 'Ankara' };
    const actor = { kind: 'user', userId: cast.ada.id, name: cast.ada.email, ip: '192.0.2.9' } as const;
    await changeDetailsAndFields(ctx, actor, cast.ada.clientId, details, new Map());
    assert.doesNotMatch((await world.letterTo('root@staff.example.test')).text, /Town or city/);
  });
});
