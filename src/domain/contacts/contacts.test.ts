// Contacts: their fields, one address once, letters about domains always reach somebody, billing follows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import {
  addContact,
  changeContact,
  chooseBillingContact,
  contactOf,
  contactsOf,
  NO_LETTERS,
  pageOfContacts,
  removeContact,
  sliceOfContacts,
} from '#domain/contacts/contacts.ts';
import { choosePreferences } from '#domain/contacts/own-preferences.ts';
import { billingRecipientOf, recipientsOf } from '#domain/contacts/recipients.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const ALL_BUT_DOMAIN = { general: true, invoice: true, support: true, product: true, domain: false, affiliate: true };

onBothDatabases('contacts', (database) => {
  let world: World;
  let ctx: Context;
  let ada: number;
  let eve: number;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    ada = world.cast.ada.clientId;
    eve = world.cast.eve.clientId;
  });
  after(() => world.close());

  let made = 0;
  const person = (over = {}) => {
    made += 1;
    return { firstName: 'Pat', lastName: `Person${made}`, email: `pat${made}@example.test`, ...over };
  };
  const events = async (event: string): Promise<number> =>
    (await ctx.db.selectFrom('audit_log').select('id').where('event', '=', event).execute()).length;

  test('a contact needs a name and an address in forms, nothing on the wire, and what is given must fit', async () => {
    await assert.rejects(addContact(ctx, actor, ada, {}), {
      fields: { firstName: 'first-name-missing', lastName: 'last-name-missing', email: 'email-missing' },
    });
    const id = await addContact(ctx, actor, ada, {}, []);
    assert.equal((await contactOf(ctx, ada, id)).email, '');
    await assert.rejects(
      addContact(
        ctx,
        actor,
        ada,
        { email: 'nobody', country: 'XX', phoneNumber: 'call me', city: 'x'.repeat(256) },
        [],
      ),
      {
        fields: { email: 'email-invalid', country: 'country-invalid', phoneNumber: 'phone-invalid', city: 'too-long' },
      },
    );
    await removeContact(ctx, actor, { clientId: ada, id });
  });

  test('a number without a country is read in the light of the account, and stored as +cc.number', async () => {
    const id = await addContact(ctx, actor, ada, person({ phoneNumber: '020 7946 0000' }));
    const contact = await contactOf(ctx, ada, id);
    assert.equal(contact.phoneNumber, '+44.2079460000');
    assert.equal(contact.country, '', 'and the contact gets no country by that');
    assert.deepEqual(contact.emailPreferences, NO_LETTERS);
  });

  test('two contacts of an account never share an address, in whatever case; of twenty at once one is added', async () => {
    const first = person();
    await addContact(ctx, actor, ada, first);
    await assert.rejects(addContact(ctx, actor, ada, person({ email: first.email.toUpperCase() })), {
      fields: { email: 'contact-email-taken' },
    });
    await addContact(ctx, actor, eve, person({ email: first.email })); // another account's address book is its own
    const tries = Array.from({ length: 20 }, () => addContact(ctx, actor, ada, person({ email: 'race@example.test' })));
    const outcomes = await Promise.allSettled(tries);
    assert.equal(outcomes.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal((await sliceOfContacts(ctx, { email: 'RACE@example.test' }, { skip: 0, limit: 5 })).total, 1);
  });

  test('only what is touched is checked, and what somebody else saved meanwhile is not written over', async () => {
    const id = await addContact(ctx, actor, ada, {}, []);
    const version = String((await contactOf(ctx, ada, id)).updatedAt);
    world.clock.turn(1000);
    const of = { clientId: ada, id };
    assert.deepEqual(await changeContact(ctx, actor, of, { city: 'Bath' }, { version }), ['city']);
    assert.deepEqual(await changeContact(ctx, actor, of, { city: 'Bath' }), []);
    await assert.rejects(changeContact(ctx, actor, of, { city: 'York' }, { version }), { code: 'changed-meanwhile' });
    await assert.rejects(changeContact(ctx, actor, of, { email: 'nobody' }), { fields: { email: 'email-invalid' } });
    await assert.rejects(changeContact(ctx, actor, { clientId: eve, id }, { city: 'X' }), {
      code: 'contact-not-found',
    });
    await assert.rejects(removeContact(ctx, actor, { clientId: eve, id }), { code: 'contact-not-found' });
    await removeContact(ctx, actor, of);
  });

  test('the account gives up letters about domains only when a contact with an address gets them', async () => {
    await assert.rejects(changeClient(ctx, actor, eve, { emailPreferences: ALL_BUT_DOMAIN }), {
      fields: { emailPreferences: 'domain-letters-needed' },
    });
    const silent = await addContact(ctx, actor, eve, { emailPreferences: { ...NO_LETTERS, domain: true } }, []);
    await assert.rejects(changeClient(ctx, actor, eve, { emailPreferences: ALL_BUT_DOMAIN }), {
      code: 'domain-letters-needed',
    });
    const id = await addContact(ctx, actor, eve, person({ emailPreferences: { ...NO_LETTERS, domain: true } }));
    await changeClient(ctx, actor, eve, { emailPreferences: ALL_BUT_DOMAIN });
    await changeClient(ctx, actor, eve, { city: 'Elsewhere' }); // other changes go on as before
    const of = { clientId: eve, id };
    const code = 'contact-domain-letters-needed';
    await assert.rejects(changeContact(ctx, actor, of, { emailPreferences: NO_LETTERS }), { code });
    await assert.rejects(changeContact(ctx, actor, of, { email: '' }, { required: [] }), { code });
    await assert.rejects(removeContact(ctx, actor, of), { code });
    const other = await addContact(ctx, actor, eve, person({ emailPreferences: { ...NO_LETTERS, domain: true } }));
    await removeContact(ctx, actor, of);
    await assert.rejects(removeContact(ctx, actor, { clientId: eve, id: other }), { code });
    await changeClient(ctx, actor, eve, { emailPreferences: { ...ALL_BUT_DOMAIN, domain: true } });
    await removeContact(ctx, actor, { clientId: eve, id: other });
    await removeContact(ctx, actor, { clientId: eve, id: silent });
  });

  test('an account that gives them up while its contacts go: somebody gets them in the end', async () => {
    const { clientId } = world.cast.cleo;
    for (let round = 0; round < 5; round += 1) {
      const id = await addContact(ctx, actor, clientId, person({ emailPreferences: { ...NO_LETTERS, domain: true } }));
      await Promise.allSettled([
        changeClient(ctx, actor, clientId, { emailPreferences: ALL_BUT_DOMAIN }),
        removeContact(ctx, actor, { clientId, id }),
      ]);
      assert.ok((await recipientsOf(ctx, clientId, 'domain')).length > 0);
      await changeClient(ctx, actor, clientId, { emailPreferences: { ...ALL_BUT_DOMAIN, domain: true } });
      for (const one of await contactsOf(ctx, clientId)) await removeContact(ctx, actor, { clientId, id: one.id });
    }
  });

  test('the billing contact is one of the account, and deleting it bills the account itself again', async () => {
    const foreign = await addContact(ctx, actor, eve, person());
    await assert.rejects(chooseBillingContact(ctx, actor, ada, foreign), { code: 'contact-not-found' });
    await assert.rejects(changeClient(ctx, actor, ada, { billingContactId: foreign }), { code: 'contact-not-found' });
    await assert.rejects(chooseBillingContact(ctx, actor, ada, 999_999), { code: 'contact-not-found' });
    const id = await addContact(ctx, actor, ada, person());
    await chooseBillingContact(ctx, actor, ada, id);
    assert.equal((await clientOf(ctx, ada)).billingContactId, id);
    assert.equal((await billingRecipientOf(ctx, ada)).contactId, id);
    assert.equal(await removeContact(ctx, actor, { clientId: ada, id }), true);
    assert.equal((await clientOf(ctx, ada)).billingContactId, 0);
    assert.equal((await billingRecipientOf(ctx, ada)).address, 'ada@example.test');
    assert.ok((await events('contact.deleted')) > 0);
  });

  test('a letter goes to each address once, as each wants it', async () => {
    const both = { ...NO_LETTERS, invoice: true, support: true };
    await addContact(ctx, actor, ada, person({ email: 'Ada@Example.test', emailPreferences: both }));
    const id = await addContact(ctx, actor, ada, person({ email: 'books@example.test', emailPreferences: both }));
    const invoices = (await recipientsOf(ctx, ada, 'invoice')).map((one) => one.address);
    assert.deepEqual(invoices, ['ada@example.test', 'books@example.test']);
    await changeClient(ctx, actor, ada, { emailPreferences: { ...ALL_BUT_DOMAIN, domain: true, invoice: false } });
    assert.deepEqual(
      (await recipientsOf(ctx, ada, 'invoice')).map((one) => one.address),
      ['Ada@Example.test', 'books@example.test'],
    );
    assert.equal(
      (await recipientsOf(ctx, ada, 'affiliate')).some((one) => one.contactId === id),
      false,
    );
  });

  test('customers choose their letters where the operator lets them, and a reset letter comes whatever they chose', async () => {
    const nothing = { ...NO_LETTERS, domain: true };
    assert.equal(await choosePreferences(ctx, actor, ada, nothing), true);
    assert.equal(await choosePreferences(ctx, actor, ada, nothing), false);
    await ctx.transaction((tx) => sendPasswordLink(tx, actor, world.cast.ada.id, 'asked'));
    assert.match((await world.letterTo('ada@example.test')).link, /\/password\/set\//);
    await changeSettings(ctx, actor, { 'client-email-preferences': '' });
    await assert.rejects(choosePreferences(ctx, actor, ada, ALL_BUT_DOMAIN), { code: 'preferences-fixed' });
    await changeSettings(ctx, actor, { 'client-email-preferences': 'on' });
  });

  test('the list leafs by key, and every way to look for a contact is an index', async () => {
    const all = (await contactsOf(ctx, ada)).map((one) => one.id);
    const first = await pageOfContacts(ctx, ada, {}, 2);
    const second = await pageOfContacts(ctx, ada, { after: first.next }, 2);
    const back = await pageOfContacts(ctx, ada, { before: second.previous }, 2);
    assert.deepEqual(
      [...first.rows, ...second.rows].map((one) => one.id),
      all.slice(0, 4),
    );
    assert.deepEqual(
      back.rows.map((one) => one.id),
      all.slice(0, 2),
    );
    if (database !== 'sqlite') return; // PostgreSQL reads so small a table whole
    for (const filter of [
      { clientId: ada },
      { email: 'x@example.test' },
      { firstName: 'Pat' },
      { lastName: 'x' },
      { companyName: 'x' },
      { city: 'Bath' },
      { phoneNumber: '+44.1' },
    ])
      for (const { steps } of await plansOf(ctx, (watched) => sliceOfContacts(watched, filter, { skip: 0, limit: 25 })))
        assert.ok(!steps.some((step) => /SCAN contacts(?! USING)/.test(step)), JSON.stringify({ filter, steps }));
  });
});
