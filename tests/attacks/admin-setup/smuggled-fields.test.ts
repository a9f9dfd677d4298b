// Fields that a form does not have: whoever posts them changes nothing by them (mass assignment), and an id of somebody
// else's in a field or an address opens nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { settingTexts } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import { signedIn, staffWith } from '#tests/staff.ts';
import type { Fields, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('smuggled fields', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const SMUGGLED = {
    id: '1',
    administratorId: '1',
    role: '1',
    roleId: '1',
    username: 'root2',
    password: 'nine paper boats drifting',
    passwordHash: 'x',
    password_hash: 'x',
    disabled: '1',
    disabled_at: '1',
    isFull: '1',
    permissions: 'API Access',
    __proto__: 'x',
    constructor: 'x',
  };

  test('one’s own account form changes names and texts, and neither role nor sign-in', async () => {
    const sam = await signedIn(world, 'sam');
    const before = await administratorOf(world.ctx, world.cast.sam.id);
    const form = { firstName: 'S', lastName: 'P', email: before.email, signature: '', notes: '' };
    assert.equal((await sam.post('/admin/account', { ...form, ...SMUGGLED })).statusCode, 303);
    const after = await administratorOf(world.ctx, world.cast.sam.id);
    assert.deepEqual({ ...after, updatedAt: 0 }, { ...before, firstName: 'S', lastName: 'P', updatedAt: 0 });
    await signedIn(world, 'sam');
  });

  test('the form of an administrator leaves the user name, the password and the door as they were', async () => {
    const root = await signedIn(world, 'root');
    const before = await administratorOf(world.ctx, world.cast.sam.id);
    const form = { firstName: 'S', lastName: 'P', email: before.email, signature: '', notes: '' };
    const posted = { ...SMUGGLED, ...form, role: String(before.role.id) };
    await root.post(`/admin/administrators/${world.cast.sam.id}`, posted);
    const after = await administratorOf(world.ctx, world.cast.sam.id);
    assert.deepEqual({ ...after, updatedAt: 0 }, { ...before, updatedAt: 0 });
    const sam = world.browser();
    await sam.signIn('sam', PASSWORD);
    assert.equal((await sam.get('/admin/account')).statusCode, 200);
  });

  test('a settings page takes the settings of its own area alone, and none that is kept by the installation', async () => {
    const root = await signedIn(world, 'root');
    const before = await settingTexts(world.ctx);
    const cost = await world.ctx.db
      .selectFrom('settings')
      .selectAll()
      .where('name', '=', 'password-measured-cost')
      .execute();
    const others = {
      'mail-from-name': 'Evil',
      'api-allowed-addresses': '0.0.0.0/0',
      'sso-destinations': 'clientarea:emails https://evil.example/',
      'trusted-proxies': '0.0.0.0/0',
      'password-measured-cost': '1:1,1,1',
      'no-such-setting': 'x',
    };
    const answer = await root.post('/admin/settings/people', { ...ownFields(world.ctx, 'people', before), ...others });
    assert.equal(answer.statusCode, 303);
    assert.deepEqual([...(await settingTexts(world.ctx))], [...before]);
    // The two that have pages of their own are not taken by the form of their area either.
    await root.post('/admin/settings/api', others);
    assert.deepEqual([...(await settingTexts(world.ctx))], [...before]);
    const kept = await world.ctx.db
      .selectFrom('settings')
      .selectAll()
      .where('name', '=', 'password-measured-cost')
      .execute();
    assert.deepEqual(kept, cost);
  });

  test('a session of somebody else is not ended by its id, and looks like one that is not there', async () => {
    const root = await signedIn(world, 'root');
    const staff = await staffWith(world, []);
    const [theirs] = await sessionsOf(world.ctx, { administratorId: world.cast.root.id });
    const answers = await Promise.all(
      [String(theirs?.id), '999999', 'x', '-1', '1e1', ''].map((session) =>
        staff.post('/admin/account/sessions', { session }),
      ),
    );
    assert.deepEqual(new Set(answers.map((one) => one.statusCode)), new Set([404]));
    assert.equal((await root.get('/admin/account')).statusCode, 200);
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const [hers] = await sessionsOf(world.ctx, { userId: world.cast.ada.id });
    assert.equal((await root.post('/admin/account/sessions', { session: String(hers?.id) })).statusCode, 404);
    assert.equal((await ada.get('/user/profile')).statusCode, 200);
  });

  test('one’s own session is not ended from the list: that would leave a page nobody can draw', async () => {
    const sam = await signedIn(world, 'sam');
    const [own] = await sessionsOf(world.ctx, { administratorId: world.cast.sam.id });
    assert.equal((await sam.post('/admin/account/sessions', { session: String(own?.id) })).statusCode, 404);
    assert.equal((await sam.get('/admin/account/sessions')).statusCode, 200);
  });

  test('repeated and bracketed names are read as a form of ours is: the last of a name counts, brackets are another name', async () => {
    const root = await signedIn(world, 'root');
    const before = (await listRoles(world.ctx)).length;
    const odd = { 'name[]': 'Brackets', 'permissions[]': ['Main Homepage'], 'name[$ne]': 'x' };
    assert.equal((await root.post('/admin/roles/new', odd)).statusCode, 422);
    assert.equal((await listRoles(world.ctx)).length, before);
    await root.post('/admin/roles/new', { name: ['First', 'Last'], permissions: ['Main Homepage', 'Main Homepage'] });
    const made = (await listRoles(world.ctx)).at(-1);
    assert.deepEqual([made?.name, made?.permissions], ['Last', ['Main Homepage']]);
  });

  test('a megabyte of nonsense is turned away', async () => {
    const root = await signedIn(world, 'root');
    const answer = await root.postRaw('/admin/account', { signature: 'x'.repeat(1_000_000) });
    assert.equal(answer.statusCode, 413);
    const long = await root.post('/admin/account', {
      firstName: 'r',
      lastName: 's',
      email: 'root@staff.example.test',
      signature: 'x'.repeat(20_000),
    });
    assert.equal(long.statusCode, 422);
  });
});

/** The form of an area as a browser sends it unchanged. */
function ownFields(ctx: Context, area: string, texts: ReadonlyMap<string, string>): Fields {
  const own = [...ctx.settings.values()].filter((one) => one.area === area && !one.hidden);
  return Object.fromEntries(
    own.flatMap(({ name, kind }): [string, string | string[]][] => {
      const text = texts.get(name) ?? '';
      if (kind.shown === 'flag' && text === '') return []; // a box without its tick is not sent
      return [[name, kind.shown === 'choices' ? text.split(',').filter((one) => one !== '') : text]];
    }),
  );
}
