// Client accounts: what a profile needs, what a change keeps, what closing does.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import type { ClientChange } from '#domain/clients/client-changes.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { displayName, EMPTY_PROFILE, profileFaults, requiredFields } from '#domain/clients/client-profile.ts';
import { removeClient } from '#domain/clients/client-removal.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf, findClientByEmail } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { changeDetails, changeOwnProfile } from '#domain/clients/own-details.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('client accounts', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const someClient = (over: Parameters<typeof addClient>[2] | object = {}): Promise<number> => {
    made += 1;
    return addClient(ctx, SYSTEM, { ...profile({ email: `client${made}@example.test` }), ...over });
  };
  const gone = { kind: 'not-found', code: 'client-not-found' };

  test('an empty profile has every fault at once, in the order in which WHMCS tells them', async () => {
    assert.deepEqual(Object.entries(await profileFaults(ctx, EMPTY_PROFILE)), [
      ['firstName', 'first-name-missing'],
      ['lastName', 'last-name-missing'],
      ['email', 'email-missing'],
      ['address1', 'address1-missing'],
      ['city', 'city-missing'],
      ['state', 'state-missing'],
      ['postcode', 'postcode-missing'],
      ['country', 'country-invalid'],
      ['phoneNumber', 'phone-missing'],
    ]);
    await assert.rejects(addClient(ctx, SYSTEM, EMPTY_PROFILE), { kind: 'invalid', code: 'first-name-missing' });
  });

  test('signs that show nothing fill in no field', async () => {
    const blank = profile({ firstName: '\u200b', city: '\0\u202e', address1: ' \t' });
    assert.deepEqual(Object.keys(await profileFaults(ctx, blank)), ['firstName', 'address1', 'city']);
  });

  test('what is given must fit, also where nothing is asked for', async () => {
    const odd = profile({ email: 'nobody', country: 'gb', phoneNumber: '12' });
    const faults = { email: 'email-invalid', country: 'country-invalid', phoneNumber: 'phone-invalid' };
    assert.deepEqual(await profileFaults(ctx, odd), faults);
    assert.deepEqual(await profileFaults(ctx, odd, true), faults);
    assert.deepEqual(await profileFaults(ctx, EMPTY_PROFILE, true), { email: 'email-missing' });
    const long = Object.fromEntries(
      Object.keys(EMPTY_PROFILE).map((field) => [field, 'x'.repeat(256)]),
    ) as ClientProfile;
    assert.equal(Object.keys(await profileFaults(ctx, long)).length, Object.keys(EMPTY_PROFILE).length);
  });

  test('fields are asked for unless the setting says that they may be left out', async () => {
    await changeSettings(ctx, SYSTEM, { 'optional-profile-fields': 'city,phoneNumber' });
    assert.ok(!(await requiredFields(ctx)).includes('city'));
    assert.deepEqual(await profileFaults(ctx, profile({ city: '', phoneNumber: '' })), {});
    assert.deepEqual(await profileFaults(ctx, profile({ phoneNumber: 'x' })), { phoneNumber: 'phone-invalid' });
    await changeSettings(ctx, SYSTEM, { 'optional-profile-fields': '' });
  });

  test('notes of staff may be long from the start', async () => {
    const id = await someClient({ notes: `line\r\n${'x'.repeat(5000)}` });
    assert.equal((await clientOf(ctx, id)).notes.length, 5005);
  });

  test('a group or currency that is not there is refused, when made and when changed', async () => {
    await assert.rejects(someClient({ groupId: 999 }), { fields: { groupId: 'group-not-found' } });
    await assert.rejects(someClient({ currencyId: 999 }), { fields: { currency: 'currency-not-found' } });
    const id = await someClient();
    await assert.rejects(changeClient(ctx, SYSTEM, id, { groupId: 999 }), { fields: { groupId: 'group-not-found' } });
    await assert.rejects(changeClient(ctx, SYSTEM, id, { currencyId: 999 }), { kind: 'invalid' });
    assert.equal((await clientOf(ctx, id)).currencyId, (await listCurrencies(ctx)).find((one) => one.isDefault)?.id);
  });

  test('a change touches what it names, keeps the rest, and says before and after', async () => {
    const id = await someClient({ companyName: 'Old Ltd', notes: 'keep me' });
    assert.deepEqual(
      await changeClient(ctx, SYSTEM, id, { companyName: 'New Ltd', city: undefined } as unknown as ClientChange),
      ['companyName'],
    );
    const after = await clientOf(ctx, id);
    assert.deepEqual([after.companyName, after.notes, after.city], ['New Ltd', 'keep me', 'Sampletown']);
    const row = await ctx.db
      .selectFrom('audit_log')
      .select('details')
      .where('client_id', '=', id)
      .where('event', '=', 'client.updated')
      .executeTakeFirstOrThrow();
    assert.deepEqual(JSON.parse(row.details ?? ''), { companyName: { before: 'Old Ltd', after: 'New Ltd' } });
    assert.deepEqual(await changeClient(ctx, SYSTEM, id, { companyName: 'New Ltd' }), []);
    assert.equal((await auditLines(ctx, { clientId: id, event: 'client.updated' }, { limit: 5 })).length, 1);
  });

  test('an account that was taken over with gaps may keep them, but gets no new ones', async () => {
    const id = await addClient(ctx, SYSTEM, { ...EMPTY_PROFILE, email: 'gaps@example.test' }, { lenient: true });
    await changeClient(ctx, SYSTEM, id, { companyName: 'Gaps Ltd', city: '' });
    await changeClient(ctx, SYSTEM, id, { city: 'Sampletown' });
    await assert.rejects(changeClient(ctx, SYSTEM, id, { city: '' }), { fields: { city: 'city-missing' } });
    await assert.rejects(changeClient(ctx, SYSTEM, id, { email: '' }), { fields: { email: 'email-missing' } });
  });

  test('a change that is refused changes nothing at all', async () => {
    const id = await someClient();
    const before = await clientOf(ctx, id);
    await assert.rejects(changeClient(ctx, SYSTEM, id, { companyName: 'Half done', email: 'nobody' }), {
      kind: 'invalid',
    });
    assert.deepEqual(await clientOf(ctx, id), before);
  });

  test('letters about domains stay on', async () => {
    const id = await someClient();
    const { emailPreferences } = await clientOf(ctx, id);
    await assert.rejects(changeClient(ctx, SYSTEM, id, { emailPreferences: { ...emailPreferences, domain: false } }), {
      fields: { emailPreferences: 'domain-letters-needed' },
    });
    await changeClient(ctx, SYSTEM, id, { emailPreferences: { ...emailPreferences, general: false } });
    assert.equal((await clientOf(ctx, id)).emailPreferences.general, false);
  });

  test('nothing of the account itself is changed by a name: no id, no credit, no instant', async () => {
    const id = await someClient();
    const before = await clientOf(ctx, id);
    const smuggled = {
      id: 1,
      uuid: 'x',
      creditMinor: 1_000_000,
      createdAt: 0,
      closedAt: 0,
      signupIp: 'x',
      city: 'Elsewhere',
    };
    await changeClient(ctx, SYSTEM, id, smuggled as ClientChange); // as a careless door might
    const after = await clientOf(ctx, id);
    assert.deepEqual({ ...after, city: before.city, updatedAt: before.updatedAt }, before);
  });

  test('closing keeps the first instant, opening forgets it, and both are written down', async () => {
    const id = await someClient();
    await closeClient(ctx, SYSTEM, id);
    const closedAt = ctx.now();
    world.clock.turn(days(1));
    await closeClient(ctx, SYSTEM, id);
    await changeClient(ctx, SYSTEM, id, { city: 'Elsewhere' });
    assert.equal((await clientOf(ctx, id)).closedAt, closedAt);
    await changeClient(ctx, SYSTEM, id, { status: 'Active' });
    assert.equal((await clientOf(ctx, id)).closedAt, undefined);
    await changeClient(ctx, SYSTEM, id, { status: 'Closed' });
    assert.equal((await clientOf(ctx, id)).closedAt, ctx.now());
    const events = (await auditLines(ctx, { clientId: id }, { limit: 10 })).map((line) => line.event);
    assert.deepEqual(events.reverse(), [
      'client.created',
      'client.closed',
      'client.updated',
      'client.status_changed',
      'client.status_changed',
    ]);
  });

  test('an account that is not there is not found, whatever is asked of it', async () => {
    for (const id of [0, -1, 999_999, Number.MAX_SAFE_INTEGER]) {
      await assert.rejects(clientOf(ctx, id), gone);
      await assert.rejects(changeClient(ctx, SYSTEM, id, { city: 'X' }), gone);
      await assert.rejects(closeClient(ctx, SYSTEM, id), gone);
      await assert.rejects(removeClient(ctx, SYSTEM, id), gone);
    }
  });

  test('several accounts may share an address; the oldest is found by it', async () => {
    const first = await someClient({ email: 'shared@example.test' });
    await someClient({ email: 'SHARED@example.test' });
    assert.equal((await findClientByEmail(ctx, ' Shared@Example.test'))?.id, first);
    assert.equal(await findClientByEmail(ctx, 'shared@example.test\0'), undefined);
  });

  test('is called by its company, else its person, else its address', () => {
    const named = { firstName: 'Ada', lastName: 'Lovelace', companyName: ' ', email: 'ada@example.test' };
    assert.equal(displayName({ ...named, companyName: 'Engines' }), 'Engines');
    assert.equal(displayName(named), 'Ada Lovelace');
    assert.equal(displayName({ ...named, firstName: '', lastName: '' }), 'ada@example.test');
  });

  test('what customers change about themselves leaves locked fields as they are, and everything that is for staff', async () => {
    const { ada } = world.cast;
    const actor = { kind: 'user', userId: ada.id, name: ada.email, ip: '192.0.2.1' } as const;
    await changeSettings(ctx, SYSTEM, {
      'locked-profile-fields': 'companyName,lastName',
      'locked-user-fields': 'firstName',
    });
    const typed = {
      ...profile({ companyName: 'Hijacked', firstName: 'Hijacked', city: 'Moved' }),
      marketingOptIn: true,
      status: 'Closed',
      taxExempt: true,
      notes: 'x',
      groupId: 1,
    };
    assert.deepEqual((await changeDetails(ctx, actor, ada.clientId, typed)).sort(), [
      'city',
      'firstName',
      'marketingOptIn',
    ]);
    const after = await clientOf(ctx, ada.clientId);
    assert.deepEqual(
      [after.companyName, after.city, after.status, after.taxExempt],
      ['Analytical Engines Ltd', 'Moved', 'Active', false],
    );
    await changeOwnProfile(ctx, actor, ada.id, { firstName: 'Hijacked', lastName: 'Byron', language: 'english' });
    const { firstName, lastName } = await userOf(ctx, ada.id);
    assert.deepEqual([firstName, lastName], ['Ada', 'Byron']);
    await assert.rejects(changeOwnProfile(ctx, actor, ada.id, { firstName: '', lastName: '', language: 'klingon' }), {
      fields: { language: 'language-unknown' },
    });
    await changeSettings(ctx, SYSTEM, { 'locked-profile-fields': '', 'locked-user-fields': '' });
  });
});
