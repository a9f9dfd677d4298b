// Opening an account by the front door, and what staff set up around it: fields, groups, bans, the queue.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountsOf } from '#domain/access/accounts.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { listGroups } from '#domain/clients/groups.ts';
import { addField, listFields } from '#domain/fields/custom-fields.ts';
import { isRefused, pageOfBannedEmails } from '#domain/guard/banned-emails.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { pageOfRegistrations, settleRegistrations } from '#domain/signup/registration-settling.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Fields, TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('the registration', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  let networks = 0;
  const stranger = (): TestBrowser => {
    networks += 1;
    return world.browser({ ip: `198.18.${networks}.1` });
  };
  const typed = (email: string, over: Fields = {}): Fields => ({
    ...profile({ firstName: 'Nora', lastName: 'New', email }),
    password: 'several words in a row',
    language: 'english',
    ...over,
  });
  /** Opens the page, takes the time that people take, and sends the form. */
  const register = async (fields: Fields, browser = stranger()) => {
    const page = await browser.get('/register');
    const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? '';
    world.clock.turn(seconds(3));
    const csrf = hidden('csrf');
    const sent = { csrf, drawn: hidden('drawn'), customFields: hidden('customFields'), ...fields };
    return browser.postRaw('/register', sent, { 'sec-fetch-site': 'same-origin' });
  };
  const settled = async (): Promise<void> => {
    const received = ctx.db.selectFrom('registrations').select('id').where('state', '=', 'received');
    while ((await received.execute()).length > 0) await settleRegistrations(ctx);
  };
  const clientsOf = async (email: string) => accountsOf(ctx, (await findUserByEmail(ctx, email))?.id ?? 0);

  test('asks, answers with a look into the mailbox, and lets nobody in by itself', async () => {
    const browser = stranger();
    const done = await register(typed('nora@example.test'), browser);
    assert.equal(done.headers.location, '/register/sent');
    assert.match((await browser.get('/register/sent')).body, /Look into your mailbox/);
    assert.match(String((await browser.get('/')).headers.location), /^\/login/, 'nobody is signed in');
    await settled();
    assert.equal((await clientsOf('nora@example.test')).length, 1);
    await browser.signIn('nora@example.test', 'several words in a row');
    assert.equal((await browser.get('/register')).headers.location, '/account/new');
  });

  test('keeps what was typed, but the password, when something is wrong', async () => {
    const again = await register(typed('typed@example.test', { city: '', companyName: 'Kept Ltd' }));
    assert.equal(again.statusCode, 422);
    assert.match(again.body, /value="Kept Ltd"/);
    assert.match(again.body, /Enter the town or city/);
    assert.doesNotMatch(again.body, /several words/);
  });

  test('attack: enumeration: a taken address is answered as a free one, to the letter', async () => {
    const strip = (text: string): string => text.replaceAll(/[\w-]{20,}|\d+/g, '');
    const answers = [];
    for (const email of ['free-one@example.test', 'ada@example.test']) {
      const browser = stranger();
      const answer = await register(typed(email), browser);
      const { date: _, 'set-cookie': __, ...headers } = answer.headers;
      const next = await browser.get('/register/sent');
      answers.push([answer.statusCode, JSON.stringify(headers), strip(answer.body), strip(next.body)]);
    }
    assert.deepEqual(answers[0], answers[1]);
    await settled();
    const kinds = (await letterHistory(ctx, {}, { limit: 50 })).map((one) => [one.to, one.kind]);
    assert.ok(kinds.some(([to, kind]) => to === 'ada@example.test' && kind === 'registration-taken'));
    assert.ok(kinds.some(([to, kind]) => to === 'free-one@example.test' && kind === 'account-ready'));
  });

  test('attack: mass assignment: what the form does not have is not looked at', async () => {
    const hidden = await addField(ctx, SYSTEM, {
      name: 'Risk',
      description: '',
      type: 'text',
      options: [],
      pattern: '',
      adminOnly: true,
      required: false,
      onOrderForm: false,
      onInvoice: false,
      position: 1,
    });
    const extra = {
      status: 'Closed',
      groupId: '1',
      credit: '1000',
      creditMinor: '1000',
      taxExempt: '1',
      emailVerified: '1',
      email_verified_at: '1',
      id: '1',
      userId: String(world.cast.ada.id),
      notes: 'mine',
      customFields: String(hidden),
      [`custom-${hidden}`]: 'none',
      __proto__: 'x',
    };
    await register(typed('mass@example.test', extra));
    await settled();
    const [made] = await clientsOf('mass@example.test');
    assert.ok(made);
    const { status, groupId, creditMinor, taxExempt, notes } = made.client;
    assert.deepEqual([status, groupId, creditMinor, taxExempt, notes], ['Active', 0, 0, false, '']);
    assert.equal((await findUserByEmail(ctx, 'mass@example.test'))?.emailVerifiedAt, undefined);
    assert.deepEqual(await ctx.db.selectFrom('custom_field_values').selectAll().execute(), []);
  });

  test('attack: header injection and addresses that only look like one', async () => {
    for (const email of [
      'a@example.test\r\nBcc: all@example.test',
      'a@example.test,b@example.test',
      'a b@example.test',
      '"a"@example.test',
      'a@exam\u202eple.test',
      'a@@example.test',
    ])
      assert.equal((await register(typed(email))).statusCode, 422, email);
    await register(typed('line@example.test', { firstName: 'Nora\r\nBcc: all@example.test', companyName: '<b>x</b>' }));
    await settled();
    const [made] = await clientsOf('line@example.test');
    assert.match(made?.client.firstName ?? '', /^Nora +Bcc: all@example\.test$/);
    const [letter] = (await letterHistory(ctx, {}, { limit: 1 })).filter(({ to }) => to === 'line@example.test');
    assert.doesNotMatch(letter?.subject ?? '', /[\r\n]/);
  });

  test('a program that fills in everything, or is too quick, opens nothing', async () => {
    const trapped = await register(typed('trapped@example.test', { homepage: 'https://spam.test' }));
    assert.equal(trapped.headers.location, '/register/sent', 'it hears what everybody hears');
    const browser = stranger();
    const quick = await browser.post('/register', typed('quick@example.test'));
    assert.equal(quick.statusCode, 422);
    assert.match(quick.body, /very quick/);
    const page = await browser.get('/register');
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const forged = await browser.postRaw('/register', { csrf, drawn: '1.x', ...typed('forged@example.test') });
    assert.equal(forged.statusCode, 422);
    await settled();
    for (const name of ['trapped', 'quick', 'forged'])
      assert.equal(await findUserByEmail(ctx, `${name}@example.test`), undefined);
  });

  test('of a further account goes to whoever is signed in, whatever the form says', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    assert.equal((await ben.get('/account/new')).statusCode, 200);
    const fields = { ...profile({ companyName: 'Further', email: 'eve@example.test' }), language: 'english' };
    const done = await ben.post('/account/new', { ...fields, userId: String(world.cast.eve.id) });
    assert.equal(done.headers.location, '/account');
    await settled();
    const owned = (await accountsOf(ctx, world.cast.ben.id)).filter(({ member }) => member.isOwner);
    assert.deepEqual(
      owned.map(({ client }) => client.companyName),
      ['Further'],
    );
    assert.equal((await accountsOf(ctx, world.cast.eve.id)).length, 1);
  });

  test('staff make fields and groups, fill them in, and see them where they belong', async () => {
    const root = world.browser();
    await root.signIn('root');
    const field = { name: 'Team <b>', type: 'dropdown', options: 'Red\nBlue', position: '3', onOrderForm: '1' };
    assert.equal((await root.post('/admin/fields/new', { ...field, pattern: '' })).headers.location, '/admin/fields');
    assert.equal((await root.post('/admin/fields/new', { ...field, type: 'text', pattern: '(a' })).statusCode, 422);
    const made = (await listFields(ctx)).find((one) => one.name === 'Team <b>');
    assert.deepEqual(made?.options, ['Red', 'Blue']);
    assert.match((await root.get('/admin/fields')).body, /Team &lt;b&gt;/);
    assert.match((await stranger().get('/register')).body, /Team &lt;b&gt;/);
    assert.equal((await root.post('/admin/groups/new', { name: 'Gold', colour: 'ffcc00' })).statusCode, 303);
    const [group] = await listGroups(ctx);
    const { clientId } = world.cast.ada;
    const path = `/admin/clients/${clientId}/profile`;
    const saved = await root.post(path, {
      ...profile({ companyName: 'Analytical Engines Ltd' }),
      status: 'Active',
      currency: '1',
      groupId: String(group?.id),
      emailPreferences: 'domain',
      customFields: String(made?.id),
      [`custom-${made?.id}`]: 'Blue',
    });
    assert.equal(saved.headers.location, path);
    assert.equal((await clientOf(ctx, clientId)).groupId, group?.id);
    const summary = await root.get(`/admin/clients/${clientId}`);
    assert.match(summary.body, /fill="#ffcc00"/);
    assert.match((await root.get('/admin/clients')).body, /fill="#ffcc00"/);
    assert.match(summary.body, /Team &lt;b&gt;.*Blue/s);
    assert.equal((await root.post(`/admin/groups/${group?.id}/removal`)).statusCode, 409);
    assert.equal((await root.post(`/admin/fields/${made?.id}/removal`, { confirm: 'Red' })).statusCode, 422);
    const removed = await root.post(`/admin/fields/${made?.id}/removal`, { confirm: 'Team <b>' });
    assert.equal(removed.headers.location, '/admin/fields');
  });

  test('staff ban addresses, and decide on what waits', async () => {
    const root = world.browser();
    await root.signIn('root');
    assert.equal((await root.post('/admin/banned-emails/new', { pattern: '*.spam.test', note: 'x' })).statusCode, 303);
    assert.equal((await register(typed('a@deep.spam.test'))).statusCode, 422);
    assert.match((await root.get('/admin/banned-emails?q=spam')).body, /spam\.test/);
    const [ban] = (await pageOfBannedEmails(ctx, '', {}, 5)).rows;
    assert.equal(ban?.hits, 1);
    await root.post(`/admin/banned-emails/${ban?.id}/removal`);
    assert.equal(await isRefused(ctx, 'a@spam.test'), false);
    await changeSettings(ctx, SYSTEM, { 'registration-approval': 'all' });
    for (const name of ['yes', 'no']) await register(typed(`${name}@example.test`));
    await settled();
    const [yes, no] = (await pageOfRegistrations(ctx, {}, 5)).rows;
    const list = await root.get('/admin/registrations');
    assert.match(list.body, /yes@example\.test.*no@example\.test/s);
    const one = await root.get(`/admin/registrations/${yes?.id}`);
    assert.match(one.body, /Placeholder Road/);
    assert.doesNotMatch(one.body, /argon|several words/);
    assert.equal((await root.get(`/admin/registrations/${yes?.id}/approval`)).statusCode, 200);
    assert.equal(await findUserByEmail(ctx, 'yes@example.test'), undefined, 'a look opens nothing');
    await root.post(`/admin/registrations/${yes?.id}/approval`);
    assert.ok(await findUserByEmail(ctx, 'yes@example.test'));
    await root.post(`/admin/registrations/${no?.id}/refusal`);
    assert.equal((await root.post(`/admin/registrations/${no?.id}/approval`, {}, { from: '/admin' })).statusCode, 404);
    await changeSettings(ctx, SYSTEM, { 'registration-approval': 'none' });
  });

  test('attack: who lacks the permission reaches none of it', async () => {
    const sam = world.browser();
    await sam.signIn('sam');
    const paths = ['/admin/fields', '/admin/fields/new', '/admin/groups', '/admin/groups/new', '/admin/banned-emails'];
    for (const path of [...paths, '/admin/banned-emails/new', '/admin/registrations'])
      assert.equal((await sam.get(path)).statusCode, 403, path);
    const posts = [
      '/admin/fields/new',
      '/admin/groups/new',
      '/admin/banned-emails/new',
      '/admin/registrations/1/approval',
    ];
    for (const path of [...posts, '/admin/registrations/1/refusal', `/admin/clients/1/fields/1`])
      assert.equal((await sam.post(path, { name: 'x', pattern: 'x.test' }, { from: '/admin' })).statusCode, 403, path);
  });
});
