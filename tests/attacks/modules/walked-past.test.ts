// Ways past what the operator's own code was to stop, and ways into the folder that it is loaded from.

import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { contactsOf } from '#domain/contacts/contacts.ts';
import { addField } from '#domain/fields/custom-fields.ts';
import { findUserByEmail } from '#domain/users/users.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const STRICT = `
import { defineModule } from 'doorward';
let waiting = [];
// Two who are asked at once are answered at once.
const meet = () => new Promise((answer) => {
  waiting.push(answer);
  if (waiting.length < 2) return;
  for (const one of waiting) one();
  waiting = [];
});
export default defineModule({
  name: 'strict',
  checks: {
    async clientDetails({ profile, customFields, changed }) {
      if (profile.address2 === 'both') await meet();
      if (profile.city === 'Badtown') return 'Nobody lives in Badtown.';
      if (profile.city === 'Here' && profile.state === 'There') return 'There is no Here in There.';
      if (profile.city === 'Showtown') return JSON.stringify({ customFields, changed });
    },
    async contactDetails({ profile }) {
      if (profile.email.endsWith('@acme.test') || profile.firstName === 'Nobody') return 'Not this one.';
      if (profile.address2 === 'both') await meet();
      if (profile.city === 'Here' && profile.state === 'There') return 'There is no Here in There.';
    },
  },
  vouch: ({ email }) => email.startsWith('polyglot') && { firstName: 'Poly', lastName: 'Glot', passwordHash: 'c4ca4238a0b923820dcc509a6f75849b', language: 42 },
});
`;

onBothDatabases("ways past the operator's modules", (database) => {
  let world: World;
  let place: string;

  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'doorward-walked-past-'));
    await mkdir(join(place, 'modules'), { mode: 0o700 });
    await writeFile(join(place, 'modules', 'strict.mjs'), STRICT, { mode: 0o600 });
    world = await testWorld(database, { environment: { DOORWARD_MODULES: join(place, 'modules') } });
  });
  after(async () => {
    await world.close();
    await rm(place, { recursive: true, force: true });
  });

  const update = async (change: Record<string, string | number>) =>
    (await world.api('UpdateClient', { clientid: world.cast.ada.clientId, ...change })).body;

  test('attack: signs without width and spaces at the end, which are not stored, do not hide a detail from a check', async () => {
    const { clientId } = world.cast.ada;
    for (const city of ['Bad\u200btown', ' Badtown ', 'Badtown\u202e'])
      assert.equal((await update({ city }))['message'], 'Nobody lives in Badtown.', JSON.stringify(city));
    const details = profile({ email: 'hidden@example.test' });
    const added = await world.api('AddClient', {
      ...{ firstname: 'A', lastname: 'B', email: details.email, address1: 'x', city: 'Bad\u200btown', state: 's' },
      ...{ postcode: '1', country: 'GB', phonenumber: '+44.2079460000', password2: 'a long enough passphrase' },
    });
    assert.equal(added.body['message'], 'Nobody lives in Badtown.');
    const contact = { clientid: clientId, firstname: 'C', lastname: 'D' };
    const ofUs = await world.api('AddContact', { ...contact, email: 'c@acme.test ' });
    assert.equal(ofUs.body['message'], 'Not this one.');
    const { body } = await world.api('AddContact', { ...contact, email: 'c@example.test' });
    for (const change of [{ email: ' c@acme.test\t' }, { firstname: 'No\u2060body' }]) {
      const answer = await world.api('UpdateContact', { contactid: String(body['contactid']), ...change });
      assert.equal(answer.body['message'], 'Not this one.', JSON.stringify(change));
    }
    assert.equal((await clientOf(world.ctx, clientId)).city, 'Sampletown');
    assert.deepEqual(
      (await contactsOf(world.ctx, clientId)).map(({ email }) => email),
      ['c@example.test'],
    );
  });

  test('attack: a check is not shown a field for staff that a customer sent, nor what would not be stored of another', async () => {
    const text = { type: 'text', description: '', options: [], pattern: '', required: false } as const;
    const field = { ...text, onOrderForm: false, onInvoice: false, position: 0 };
    const add = (name: string, adminOnly: boolean) =>
      addField(world.ctx, systemActor('Test'), { ...field, name, adminOnly });
    const [mine, theirs] = [await add('Team', false), await add('Checked by staff', true)];
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    const { companyName } = await clientOf(world.ctx, world.cast.ada.clientId);
    const { body } = await ada.post(`/account/${world.cast.ada.clientId}/details`, {
      ...profile({ companyName, city: 'Showtown' }),
      customFields: `${mine},${theirs}`,
      [`custom-${mine}`]: ' Blue\u200b ',
      [`custom-${theirs}`]: 'yes',
    });
    const says = /\{&quot;customFields.*?\}(?=<)/.exec(body)?.[0].replaceAll('&quot;', '"') ?? '';
    assert.deepEqual(JSON.parse(says), { customFields: { [String(mine)]: 'Blue' }, changed: ['city'] });
  });

  test('attack: two changes at once, each of which a check lets through, do not make what it refuses', async () => {
    const { clientId } = world.cast.ada;
    await update({ address2: 'x' });
    const before = await clientOf(world.ctx, clientId);
    assert.notEqual(before.state, 'There');
    const both = await Promise.all([
      update({ address2: 'both', city: 'Here' }),
      update({ address2: 'both', state: 'There' }),
    ]);
    assert.deepEqual(both.map((one) => one['result']).sort(), ['error', 'success'], JSON.stringify(both));
    const after = await clientOf(world.ctx, clientId);
    assert.notDeepEqual([after.city, after.state], ['Here', 'There']);

    const contact = { clientid: clientId, firstname: 'E', lastname: 'F', email: 'e@example.test' };
    const contactid = String((await world.api('AddContact', contact)).body['contactid']);
    const change = async (what: object) =>
      (await world.api('UpdateContact', { contactid, address2: 'both', ...what })).body['result'];
    const results = await Promise.all([change({ city: 'Here' }), change({ state: 'There' })]);
    assert.deepEqual(results.sort(), ['error', 'success']);
    const made = (await contactsOf(world.ctx, clientId)).find(({ email }) => email === contact.email);
    assert.notDeepEqual([made?.city, made?.state], ['Here', 'There']);
  });

  test('attack: a nonsense answer of a store is a refusal like any other, and tells nobody that their password was right', async () => {
    const email = 'polyglot@example.test';
    const [right, wrong] = [await world.browser().signIn(email, '1'), await world.browser().signIn(email, '2')];
    assert.deepEqual([right.statusCode, wrong.statusCode], [422, 422]);
    assert.equal(await findUserByEmail(world.ctx, email), undefined);
  });

  test('attack: a link that others may turn, and what others lay where Node looks on its way up, stop the start', async () => {
    const starts = async (folder: string) => {
      const opened = await testWorld(database, { environment: { DOORWARD_MODULES: folder }, cast: false });
      await opened.close();
    };
    const open = join(place, 'open');
    await mkdir(open);
    await symlink(join(place, 'modules'), join(open, 'link'));
    await starts(join(open, 'link'));
    await chmod(open, 0o777);
    await assert.rejects(starts(join(open, 'link')), /open may be written to by others/);

    const sticky = join(place, 'sticky');
    await mkdir(join(sticky, 'modules'), { recursive: true });
    const text = "import { defineModule } from 'doorward'; export default defineModule({ name: 'one' });";
    await writeFile(join(sticky, 'modules', 'one.ts'), text, { mode: 0o600 });
    await chmod(join(sticky, 'modules'), 0o700);
    await chmod(sticky, 0o1777);
    await starts(join(sticky, 'modules'));
    await writeFile(join(sticky, 'package.json'), '{}');
    await chmod(join(sticky, 'package.json'), 0o666);
    await assert.rejects(starts(join(sticky, 'modules')), /package\.json may be written to by others/);
    await rm(join(sticky, 'package.json'));
    await mkdir(join(sticky, 'node_modules'));
    await chmod(join(sticky, 'node_modules'), 0o777);
    await assert.rejects(starts(join(sticky, 'modules')), /node_modules may be written to by others/);
  });
});
