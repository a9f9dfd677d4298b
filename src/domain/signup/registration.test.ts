// Opening an account by oneself: what it asks, what becomes of it, and what it tells nobody.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountsOf } from '#domain/access/accounts.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { countClients } from '#domain/clients/client-list.view.ts';
import { addField, removeField } from '#domain/fields/custom-fields.ts';
import { valuesFor } from '#domain/fields/field-values.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { RegistrationForm } from '#domain/signup/registration.ts';
import { register, registerFurther } from '#domain/signup/registration.ts';
import {
  approveRegistration,
  expireRegistrations,
  pageOfRegistrations,
  refuseRegistration,
  registrationOf,
  settleRegistrations,
} from '#domain/signup/registration-settling.ts';
import { findUserByEmail, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, profile, testWorld } from '#tests/world.ts';

const SYSTEM: Actor = systemActor('Test');
const IP = '198.51.100.20';
let at = 20;

/** Another network each time, so that the limits of one do not meet those of another. */
function network(): string {
  at += 1;
  return `198.51.${at}.1`;
}

onBothDatabases('a registration', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const form = (email: string, over: Partial<RegistrationForm & { password: string }> = {}) => ({
    profile: profile({ firstName: 'Nora', lastName: 'New', email }),
    language: 'german',
    currencyId: undefined,
    marketingOptIn: true,
    fields: new Map<number, string>(),
    acceptsTerms: false,
    password: 'several words in a row',
    ...over,
  });
  /** Until all that came in is decided: what `register` began in the background may be at one of them just now. */
  const settled = async (): Promise<void> => {
    const received = ctx.db.selectFrom('registrations').select('id').where('state', '=', 'received');
    while ((await received.execute()).length > 0) await settleRegistrations(ctx);
  };
  const set = (given: Record<string, string>): Promise<string[]> => changeSettings(ctx, SYSTEM, given);
  const lettersTo = async (email: string): Promise<string[]> =>
    (await letterHistory(ctx, {}, { limit: 500 })).filter((one) => one.to === email).map((one) => one.kind);

  test('makes an account with its owner, who can sign in, and one letter', async () => {
    await register(ctx, form('nora@example.test'), IP);
    await settled();
    const user = await findUserByEmail(ctx, 'nora@example.test');
    assert.ok(user);
    const [account] = await accountsOf(ctx, user.id);
    assert.equal(account?.member.isOwner, true);
    assert.equal(account?.client.signupIp, IP);
    assert.equal(account?.client.marketingOptIn, true);
    assert.equal(account?.client.language, 'german');
    assert.equal(account?.client.status, 'Active');
    assert.equal(user.emailVerifiedAt, undefined);
    assert.deepEqual(await lettersTo('nora@example.test'), ['account-ready']);
    const signedIn = await world.browser().signIn('nora@example.test', 'several words in a row');
    assert.equal(signedIn.statusCode, 303);
    const lines = await auditLines(ctx, { event: 'client.registered' }, { limit: 1 });
    assert.equal(lines[0]?.clientId, account?.client.id);
  });

  test('keeps neither what was typed nor the password in the open, and nothing once it is decided', async () => {
    await set({ 'registration-approval': 'all' });
    await register(ctx, form('sealed@example.test'), network());
    await settled();
    const [row] = await ctx.db.selectFrom('registrations').selectAll().execute();
    assert.doesNotMatch(row?.sealed ?? '', /Placeholder|argon|several/);
    await refuseRegistration(ctx, SYSTEM, row?.id ?? 0);
    assert.deepEqual(await ctx.db.selectFrom('registrations').selectAll().execute(), []);
    await set({ 'registration-approval': 'none' });
  });

  test('says everything that is wrong at once', async () => {
    const fieldId = await addField(ctx, SYSTEM, {
      name: 'VAT',
      description: '',
      type: 'text',
      options: [],
      pattern: '^[0-9]{5}$',
      adminOnly: false,
      required: true,
      onOrderForm: true,
      onInvoice: false,
      position: 1,
    });
    await set({ 'terms-address': 'https://example.test/terms' });
    const wrong = form('not an address', {
      profile: profile({ email: 'not an address', firstName: '', country: 'XX' }),
      password: 'short',
      language: 'klingon',
      currencyId: 99,
    });
    await assert.rejects(register(ctx, wrong, network()), {
      kind: 'invalid',
      fields: {
        firstName: 'first-name-missing',
        email: 'email-invalid',
        country: 'country-invalid',
        password: 'password-too-short',
        [`custom-${fieldId}`]: 'custom-field-missing',
        language: 'language-unknown',
        currency: 'currency-not-found',
        terms: 'terms-not-accepted',
      },
    });
    const typed = new Map([[fieldId, '12345']]);
    await register(ctx, form('vat@example.test', { fields: typed, acceptsTerms: true }), network());
    await settled();
    const user = await findUserByEmail(ctx, 'vat@example.test');
    const [account] = await accountsOf(ctx, user?.id ?? 0);
    assert.deepEqual(
      (await valuesFor(ctx, account?.client.id ?? 0, 'customer')).map(({ text }) => text),
      ['12345'],
    );
    await removeField(ctx, SYSTEM, fieldId);
    await set({ 'terms-address': '' });
  });

  test('of an address that is somebody’s answers the same, makes nothing, and tells that person once a day', async () => {
    const before = (await countClients(ctx, {})).count;
    for (const email of ['ada@example.test', 'ADA@example.test', 'Ada@Example.test']) {
      assert.equal(await register(ctx, form(email), network()), undefined);
      await settled();
    }
    assert.equal((await countClients(ctx, {})).count, before);
    assert.deepEqual(
      (await lettersTo('ada@example.test')).filter((kind) => kind === 'registration-taken'),
      ['registration-taken'],
    );
    world.clock.turn(days(1));
    await register(ctx, form('ada@example.test'), network());
    await settled();
    assert.equal((await lettersTo('ada@example.test')).filter((kind) => kind === 'registration-taken').length, 2);
    const signedIn = await world.browser().signIn('ada@example.test', PASSWORD);
    assert.equal(signedIn.statusCode, 303, 'her password is what it was');
  });

  test('attack: fifty at once with one address make one account', async () => {
    const before = (await countClients(ctx, {})).count;
    const all = Array.from({ length: 50 }, (_, n) => register(ctx, form('fifty@example.test'), `198.18.${n}.1`));
    const done = await Promise.allSettled(all);
    const accepted = done.filter((one) => one.status === 'fulfilled').length;
    assert.equal(accepted, 5, 'the limit of one address lets five through');
    await Promise.all([settled(), settled(), settled()]);
    assert.equal((await countClients(ctx, {})).count, before + 1);
    assert.deepEqual(await ctx.db.selectFrom('registrations').selectAll().execute(), []);
    const kinds = await lettersTo('fifty@example.test');
    assert.deepEqual(kinds.sort(), ['account-ready', 'registration-taken']);
  });

  test('is refused kindly where nobody registers by themselves, above the day’s number, and from one network too often', async () => {
    await set({ 'registration-open': '' });
    await assert.rejects(register(ctx, form('shut@example.test'), network()), { code: 'registration-closed' });
    await assert.rejects(registerFurther(ctx, form('x@example.test'), { userId: world.cast.ada.id, ip: IP }), {
      code: 'registration-closed',
    });
    await set({ 'registration-open': 'on', 'registration-daily-cap': '1' });
    world.clock.turn(days(2));
    await register(ctx, form('cap1@example.test'), network());
    await assert.rejects(register(ctx, form('cap2@example.test'), network()), {
      kind: 'unavailable',
      code: 'registration-full',
    });
    await set({ 'registration-daily-cap': '0' });
    const one = network();
    for (let n = 0; n < 20; n += 1) await register(ctx, form(`many${n}@example.test`), one);
    await assert.rejects(register(ctx, form('many20@example.test'), one), { kind: 'too-many' });
    await settled();
  });

  test('above the day’s number waits for staff where that is asked for', async () => {
    world.clock.turn(days(2));
    await set({ 'registration-daily-cap': '1', 'registration-approval': 'above-cap' });
    await register(ctx, form('first@example.test'), network());
    await register(ctx, form('second@example.test'), network());
    await settled();
    assert.ok(await findUserByEmail(ctx, 'first@example.test'));
    assert.equal(await findUserByEmail(ctx, 'second@example.test'), undefined);
    assert.deepEqual(await lettersTo('second@example.test'), ['registration-waits']);
    const [waiting] = (await pageOfRegistrations(ctx, {}, 10)).rows;
    assert.equal(waiting?.email, 'second@example.test');
    const shown = await registrationOf(ctx, waiting?.id ?? 0);
    assert.equal(shown.typed.profile.city, 'Sampletown');
    assert.ok(!('passwordHash' in shown.typed));
    const made = await approveRegistration(ctx, SYSTEM, waiting?.id ?? 0);
    assert.equal((await userOf(ctx, made.ownerId)).email, 'second@example.test');
    assert.deepEqual((await lettersTo('second@example.test')).sort(), ['account-ready', 'registration-waits']);
    assert.equal((await world.browser().signIn('second@example.test', 'several words in a row')).statusCode, 303);
    await set({ 'registration-daily-cap': '0', 'registration-approval': 'none' });
  });

  test('that waits is decided by one, refused with a letter, or thrown away in the end', async () => {
    await set({ 'registration-approval': 'all' });
    for (const name of ['once', 'no', 'late']) await register(ctx, form(`${name}@example.test`), network());
    await register(ctx, form('once@example.test'), network()); // of one address the first is enough
    await settled();
    const rows = (await pageOfRegistrations(ctx, {}, 10)).rows;
    assert.deepEqual(
      rows.map((one) => one.email),
      ['once@example.test', 'no@example.test', 'late@example.test'],
    );
    const [once, no] = rows;
    const decided = await Promise.allSettled([
      approveRegistration(ctx, SYSTEM, once?.id ?? 0),
      approveRegistration(ctx, SYSTEM, once?.id ?? 0),
      refuseRegistration(ctx, SYSTEM, once?.id ?? 0),
    ]);
    assert.equal(decided.filter((one) => one.status === 'fulfilled').length, 1);
    await refuseRegistration(ctx, SYSTEM, no?.id ?? 0);
    assert.deepEqual((await lettersTo('no@example.test')).sort(), ['registration-refused', 'registration-waits']);
    world.clock.turn(days(14));
    await expireRegistrations(ctx);
    assert.deepEqual((await pageOfRegistrations(ctx, {}, 10)).rows, []);
    assert.equal(await findUserByEmail(ctx, 'late@example.test'), undefined);
    assert.equal((await auditLines(ctx, { event: 'registration.expired' }, { limit: 1 })).length, 1);
    await set({ 'registration-approval': 'none' });
  });

  test('whose address somebody took meanwhile goes on waiting', async () => {
    await set({ 'registration-approval': 'all' });
    await register(ctx, form('race@example.test'), network());
    await settled();
    await set({ 'registration-approval': 'none' });
    await register(ctx, form('race@example.test'), network());
    await settled();
    const [waiting] = (await pageOfRegistrations(ctx, {}, 10)).rows;
    await assert.rejects(approveRegistration(ctx, SYSTEM, waiting?.id ?? 0), { fields: { email: 'email-taken' } });
    assert.equal((await pageOfRegistrations(ctx, {}, 10)).rows.length, 1);
    await refuseRegistration(ctx, SYSTEM, waiting?.id ?? 0);
  });

  test('of somebody who is signed in makes a further account that is theirs', async () => {
    const further = form('books@example.test', {
      profile: profile({ companyName: 'Second', email: 'books@example.test' }),
    });
    assert.equal(await registerFurther(ctx, further, { userId: world.cast.ben.id, ip: IP }), 'made');
    await settled();
    const owned = (await accountsOf(ctx, world.cast.ben.id)).filter(({ member }) => member.isOwner);
    assert.deepEqual(
      owned.map(({ client }) => client.companyName),
      ['Second'],
    );
    assert.equal(await findUserByEmail(ctx, 'books@example.test'), undefined, 'the address is the account’s alone');
  });
});
