// Code of the operator's own: the example of docs/integrate/hooks.md as it stands there, and modules that misbehave.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { contactsOf } from '#domain/contacts/contacts.ts';
import { banEmail } from '#domain/guard/banned-emails.ts';
import { requireAcceptedDetails, whoVouchesFor } from '#domain/modules/asking.ts';
import type { Module } from '#domain/modules/module.ts';
import { defineModule } from '#domain/modules/module.ts';
import { callModule } from '#domain/modules/modules.ts';
import { pageOfNotes } from '#domain/notes/notes.ts';
import { settleRegistrations } from '#domain/signup/registration-settling.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, testWorld } from '#tests/world.ts';

const DOC = readFileSync(new URL('../../docs/integrate/hooks.md', import.meta.url), 'utf8');
const EXAMPLE = /```ts\n([\s\S]+?)```/.exec(DOC)?.[1] ?? '';

// What it does is said by what it is asked about: the tests choose by a city, a name or an address.
const UNRULY = `
import { defineModule } from 'doorward';
export const heard = (globalThis.heardByUnruly ??= []);
export default defineModule({
  name: 'unruly',
  on: {
    'client.updated': (told) => { heard.push(told); throw new Error('deaf'); },
    'user.created': (told) => { heard.push(told); },
  },
  checks: {
    clientDetails({ profile, customFields, changed }) {
      if (profile.city === 'Faultville') throw new Error('a fault of the module');
      if (profile.city === 'Oddville') return { no: 'verdict' };
      if (profile.city === 'Wordville') return ['<b>First</b> objection', { field: 'city', message: 'No such city.' }, { field: 'id', message: 'Third.' }];
      if (profile.city === 'Seenville') return JSON.stringify({ customFields, changed });
    },
  },
  vouch({ email }) {
    if (email.startsWith('fault')) throw new Error('the store is away');
    if (email.startsWith('odd')) return { firstName: 1 };
    const passwordHash = email.startsWith('weak') ? 'c4ca4238a0b923820dcc509a6f75849b' : '$2y$10$O7mXqBhpImBisJ55IcEkM.NtWT74zOSiCRbHiho87YM09riMjyxGi';
    if (/^(weak|ada|ben|root|refused|twice)/.test(email)) return { firstName: 'From', lastName: 'Outside', passwordHash };
  },
  alerts: () => [{ tone: 'danger', text: '<i>Bad</i>', link: 'https://evil.example/' }],
});
`;

type Heard = { heardByUnruly?: Record<string, unknown>[] };

onBothDatabases("modules of the operator's", (database) => {
  let world: World;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorward-modules-'));
    await writeFile(join(folder, 'acme.ts'), EXAMPLE, { mode: 0o600 });
    await writeFile(join(folder, 'unruly.mjs'), UNRULY, { mode: 0o600 });
    await writeFile(join(folder, '_off.ts'), 'throw new Error("left out");', { mode: 0o600 });
    world = await testWorld(database, { environment: { DOORWARD_MODULES: folder } });
  });
  after(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const details = async (over: Partial<ReturnType<typeof profile>>) => {
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    const { companyName } = await clientOf(world.ctx, world.cast.ada.clientId);
    return ada.post(`/account/${world.cast.ada.clientId}/details`, { ...profile({ companyName }), ...over });
  };
  const lineOf = async (event: string) =>
    (await auditLines(world.ctx, {}, { limit: 50 })).find((line) => line.event === event);

  test('the example: it objects to a field at the registration, and hears of the account that came of it', async () => {
    assert.deepEqual(
      world.ctx.modules.all.map(({ name }) => name),
      ['acme', 'unruly'],
    );
    const email = 'hilde@example.test';
    const form = {
      ...profile({ firstName: 'Hilde', email, country: 'AT', phoneNumber: '+43.1234567' }),
      password: 'a long enough passphrase',
      passwordRepeat: 'a long enough passphrase',
      language: '',
    };
    const register = async (taxId: string) => {
      const visitor = world.browser();
      const field = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
      const { body } = await visitor.get('/register');
      world.clock.turn(minutes(1));
      const mark = { csrf: field(body, 'csrf'), drawn: field(body, 'drawn') };
      return visitor.postRaw('/register', { ...form, ...mark, taxId }, { 'sec-fetch-site': 'same-origin' });
    };
    const refused = await register('ATU1');
    assert.equal(refused.statusCode, 422, refused.body);
    assert.match(refused.body, /An Austrian VAT number has ATU and eight digits\./);
    assert.match(refused.body, /value="ATU1"/, 'what was typed is still there');

    const taken = await register('ATU12345678');
    assert.ok(taken.statusCode < 400, taken.body);
    await settleRegistrations(world.ctx);
    await laterDone();
    const user = await findUserByEmail(world.ctx, email);
    const line = await lineOf('client.registered');
    assert.equal(line?.userId, user?.id);
    const notes = await pageOfNotes(world.ctx, line?.clientId ?? 0, {}, 5);
    assert.deepEqual(
      notes.rows.map((note) => note.body),
      ['Call them: they are new'],
    );
  });

  test('staff and programs are asked as well, and a contact is', async () => {
    const { ada } = world.cast;
    const answer = await world.api('UpdateClient', { clientid: ada.clientId, city: 'Wordville' });
    assert.equal(answer.body['message'], '<b>First</b> objection');
    const added = await world.api('AddClient', {
      ...{ firstname: 'A', lastname: 'B', email: 'ab@example.test', address1: 'x', city: 'Wordville', state: 's' },
      ...{ postcode: '1', country: 'GB', phonenumber: '+44.2079460000', password2: 'a long enough passphrase' },
    });
    assert.equal(added.body['result'], 'error');
    assert.equal(await findUserByEmail(world.ctx, 'ab@example.test'), undefined);

    const contact = { clientid: ada.clientId, firstname: 'C', lastname: 'D', email: 'c@acme.test' };
    assert.equal((await world.api('AddContact', contact)).body['message'], 'Our own addresses cannot be contacts.');
    const { body } = await world.api('AddContact', { ...contact, email: 'c@example.test' });
    const change = { contactid: String(body['contactid']), email: 'd@acme.test' };
    assert.equal((await world.api('UpdateContact', change)).body['message'], 'Our own addresses cannot be contacts.');
    assert.deepEqual(
      (await contactsOf(world.ctx, ada.clientId)).map(({ email }) => email),
      ['c@example.test'],
    );
  });

  test('attack: what does not fit already is no way past a check', async () => {
    const { ctx, cast } = world;
    // Taken over from elsewhere with a number that is none; and a contact whose number is read in the light of the client's country.
    await ctx.db
      .updateTable('clients')
      .set({ phone_number: 'ask at the desk' })
      .where('id', '=', cast.eve.clientId)
      .execute();
    const answer = await world.api('UpdateClient', { clientid: cast.eve.clientId, city: 'Wordville' });
    assert.equal(answer.body['message'], '<b>First</b> objection');
    const contact = { clientid: cast.ada.clientId, firstname: 'C', email: 'e@acme.test', phonenumber: '020 7946 0000' };
    assert.equal((await world.api('AddContact', contact)).body['message'], 'Our own addresses cannot be contacts.');
    const unsound = await world.api('UpdateClient', { clientid: cast.ada.clientId, city: 'Wordville', email: 'none' });
    assert.equal(unsound.body['message'], 'The email address entered is not valid', 'our own rules speak first');
  });

  test('its words are text, at the field it names or at the top; what is no field of the form is at the top', async () => {
    const { body, statusCode } = await details({ city: 'Wordville' });
    assert.equal(statusCode, 422);
    assert.match(body, /&lt;b&gt;First&lt;\/b&gt; objection Third\./);
    assert.match(body, /href="#[^"]*city"[^>]*>No such city\./);
    assert.doesNotMatch(body, /<b>First/);
  });

  test('it sees what changed, and nothing when no detail did', async () => {
    const seen = await details({ city: 'Seenville', taxId: 'T1' });
    const says = /\{&quot;customFields.*?\}(?=<)/.exec(seen.body)?.[0].replaceAll('&quot;', '"') ?? '';
    assert.deepEqual(JSON.parse(says), { customFields: {}, changed: ['taxId', 'city'] });
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Sampletown');
    const before = world.ctx.modules.faults.get('unruly checks.clientDetails') ?? 0;
    await changeClient(world.ctx, systemActor('Test'), world.cast.ada.clientId, { city: 'Faultville' });
    const same = await world.api('UpdateClient', {
      clientid: world.cast.ada.clientId,
      notes: 'nothing of the profile',
    });
    assert.equal(same.body['result'], 'success');
    await changeClient(world.ctx, systemActor('Test'), world.cast.ada.clientId, { city: 'Sampletown' });
    assert.equal(world.ctx.modules.faults.get('unruly checks.clientDetails') ?? 0, before, 'it was not asked');
  });

  test('Break policy engine: a check that fails, or answers nonsense, refuses kindly, is counted, and nothing is written', async () => {
    for (const city of ['Faultville', 'Oddville']) {
      const before = world.ctx.modules.faults.get('unruly checks.clientDetails') ?? 0;
      const { statusCode, body, headers } = await details({ city });
      assert.equal(statusCode, 503);
      assert.match(body, /This cannot be checked at the moment, so nothing was changed\./);
      assert.match(body, new RegExp(`value="${city}"`), 'what was typed is still there');
      assert.equal(headers['retry-after'], '60');
      assert.equal(world.ctx.modules.faults.get('unruly checks.clientDetails'), before + 1);
      assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Sampletown');
    }
  });

  test('a fault while it hears undoes nothing, and it goes on hearing; what it hears holds no value', async () => {
    const heard = (globalThis as Heard).heardByUnruly ?? [];
    heard.length = 0;
    const saved = await details({ city: 'Newtown' });
    assert.equal(saved.statusCode, 303);
    await laterDone();
    assert.deepEqual(heard, [{ client_id: world.cast.ada.clientId, fields: ['city'] }]);
    assert.ok((world.ctx.modules.faults.get('unruly client.updated') ?? 0) > 0);
    await assert.rejects(
      world.ctx.transaction(async (tx) => {
        await changeClient(tx, systemActor('Test'), world.cast.ada.clientId, { city: 'Elsewhere' });
        throw new Error('undone');
      }),
    );
    await laterDone();
    assert.equal(heard.length, 1, 'what was undone is not told');
  });

  test('its alert stands on the home of the account as text, without a link to elsewhere', async () => {
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    const { body } = await ada.get(`/account/${world.cast.ada.clientId}`);
    assert.match(body, /&lt;i&gt;Bad&lt;\/i&gt;/);
    assert.doesNotMatch(body, /evil\.example/);
    assert.equal(body.includes('We are away on Friday.'), world.cast.ada.clientId % 2 === 1);
  });

  test('somebody of an outside store becomes a user by the password that it has, and by no other', async () => {
    const email = 'Grace@example.test';
    const wrong = await world.browser().signIn(email, 'not the password');
    assert.equal(wrong.statusCode, 422);
    assert.equal(await findUserByEmail(world.ctx, email), undefined);
    const grace = world.browser();
    assert.equal((await grace.signIn(email)).statusCode, 303);
    const user = await findUserByEmail(world.ctx, email);
    assert.deepEqual(
      [user?.firstName, user?.lastName, user?.mustChangePassword, user?.emailVerifiedAt],
      ['Grace', 'Hopper', false, undefined],
    );
    assert.equal((await grace.get('/user/profile')).statusCode, 200);
    assert.deepEqual((await lineOf('user.vouched_for'))?.userId, user?.id);
    assert.equal((await world.browser().signIn(email)).statusCode, 303, 'from then on by the password kept here');
  });

  test('a weak password of theirs has to be replaced before any session is opened', async () => {
    const weak = world.browser();
    const answer = await weak.signIn('weak@example.test', '1'); // md5('1') is what the store has
    assert.equal(answer.headers.location, '/login/new-password');
    assert.equal((await findUserByEmail(world.ctx, 'weak@example.test'))?.mustChangePassword, true);
    assert.notEqual((await weak.get('/user/profile')).statusCode, 200);
  });

  test('a module vouches past nobody: not for who is here, not for staff, not for a refused address, not for ValidateLogin', async () => {
    const { ctx, cast } = world;
    await banEmail(ctx, systemActor('Test'), { pattern: 'refused@example.test', note: '' });
    const count = async () =>
      (await ctx.db.selectFrom('users').select(ctx.db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n;
    const before = await count();
    // The store knows ben by another password than his own: `md5('1')` is tried for him too, and opens nothing.
    assert.equal((await world.browser().signIn(cast.ben.email, '1')).statusCode, 422);
    await ctx.db.updateTable('users').set({ password_hash: null }).where('id', '=', cast.eve.id).execute();
    assert.equal(
      (await world.browser().signIn(cast.eve.email)).statusCode,
      422,
      'one without a password stays without',
    );
    assert.equal((await world.browser().signIn('refused@example.test')).statusCode, 422);
    assert.equal((await world.browser().signIn('root', 'anything else')).statusCode, 422);
    const validated = await world.api('ValidateLogin', { email: 'twice@example.test', password2: PASSWORD });
    assert.equal(validated.body['result'], 'error');
    assert.equal(await count(), before);
  });

  test('Single use under a race: two first sign-ins at once make one user, and both are in', async () => {
    const both = await Promise.all([1, 2].map(() => world.browser().signIn('twice@example.test')));
    assert.deepEqual(
      both.map(({ statusCode }) => statusCode),
      [303, 303],
    );
  });

  test('a store that is away lets everybody in who is here; one that does not answer is left alone for a while', async (t) => {
    const faults = () => world.ctx.modules.faults.get('unruly vouch') ?? 0;
    const before = faults();
    assert.equal((await world.browser().signIn('odd@example.test')).statusCode, 422);
    assert.equal(faults(), before + 1);
    assert.equal((await world.browser().signIn('fault@example.test')).statusCode, 422);
    assert.equal(faults(), before + 2);
    assert.equal((await world.browser().signIn(world.cast.ben.email)).statusCode, 303);
    // attack: an address that a module chokes on keeps nobody else of its store out.
    assert.equal((await world.browser().signIn('root-of-old@example.test')).statusCode, 303);

    let asked = 0;
    const silent = defineModule({
      name: 'silent',
      vouch: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    const ctx = { ...world.ctx, modules: { ...world.ctx.modules, all: [silent] } };
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const waits = whoVouchesFor(ctx, 'a@example.test');
    t.mock.timers.tick(seconds(3));
    assert.equal(await waits, undefined);
    assert.equal(await whoVouchesFor(ctx, 'a@example.test'), undefined);
    assert.equal(asked, 1, 'the second time it was not asked');
    world.clock.turn(minutes(1));
    const again = whoVouchesFor(ctx, 'a@example.test');
    t.mock.timers.tick(seconds(3));
    await again;
    assert.equal(asked, 2);
  });

  test('one that does not answer in its time is given up, and a check that lets through lets through', async () => {
    const slow = world.ctx.modules.all.find(({ name }) => name === 'acme') ?? assert.fail();
    let aborted = false;
    const called = await callModule(world.ctx, slow, 'late', 5, ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    assert.deepEqual([called.is, aborted, world.ctx.modules.faults.get('acme late')], ['broken', true, 1]);
    await assert.rejects(
      world.ctx.transaction(() => callModule(world.ctx, slow, 'inside', 5, () => 1)),
      /inside a transaction/,
    );
    const failing = (whenBroken: 'refuse' | 'let-through') =>
      defineModule({
        name: 'failing',
        whenBroken,
        checks: {
          clientDetails: () => {
            throw new Error('away');
          },
        },
      });
    const ask = (module: Module) =>
      requireAcceptedDetails(
        { ...world.ctx, modules: { ...world.ctx.modules, all: [module] } },
        { purpose: 'addition', by: 'staff', clientId: undefined, profile: profile(), customFields: {}, changed: [] },
      );
    await ask(failing('let-through'));
    await assert.rejects(ask(failing('refuse')), { kind: 'unavailable', code: 'module-silent' });
  });

  test('every event that the document names is one, and every part', () => {
    const table = DOC.slice(DOC.indexOf("## WHMCS's hooks"));
    const named = [...table.matchAll(/`((?:user|client|contact|access)\.[a-z_.]+)`/g)].map(([, name]) => name ?? '');
    assert.ok(named.length > 15);
    for (const name of named) assert.ok(world.ctx.bus.toldOutside.includes(name), name);
  });

  test('Code of others: a file or folder that somebody else may write to, and one that is no module, stop the start', async () => {
    const place = join(folder, 'place');
    await mkdir(place, { mode: 0o700 });
    const starts = async () => {
      const opened = await testWorld(database, { environment: { DOORWARD_MODULES: place }, cast: false });
      await opened.close();
    };
    const file = join(place, 'one.ts');
    await writeFile(file, "import { defineModule } from 'doorward'; export default defineModule({ name: 'one' });");
    await chmod(file, 0o666);
    await assert.rejects(starts(), /one\.ts may be written to by others: chmod go-w it/);
    await chmod(file, 0o600);
    await chmod(place, 0o770);
    await assert.rejects(starts(), /place may be written to by others/);
    await chmod(place, 0o700);
    await starts();
    for (const [text, why] of [
      ['export default { name: "one" };', /one-1\.ts does not export by default/],
      [
        "import { defineModule as d } from 'doorward'; export default d({ name: 'a', on: { 'no.such': () => {} } });",
        /no event/,
      ],
      [
        "import { defineModule as d } from 'doorward'; export default d({ name: 'a', check: {} });",
        /there is no "check"/,
      ],
      ['this is no program', /one-4\.ts cannot be loaded/],
    ] as const) {
      await rm(file, { force: true });
      const at = [...'1234'].find((n) => why.source.includes(`one-${n}`)) ?? String(why.source.length);
      const other = join(place, `one-${at}.ts`);
      await writeFile(other, text, { mode: 0o600 });
      await assert.rejects(starts(), why);
      await rm(other);
    }
  });
});
