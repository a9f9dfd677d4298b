// Contacts, letters, consent, notes, credit, files and alerts as customers and staff meet them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deleteClient } from '#domain/access/deletion.ts';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { pageOfConsent } from '#domain/consent/consent.ts';
import { unsubscribeToken } from '#domain/consent/unsubscribing.ts';
import { contactsOf } from '#domain/contacts/contacts.ts';
import { creditsOf } from '#domain/credit/credit.ts';
import { pageOfFiles } from '#domain/files/files.ts';
import { letterHistory, queueLetter } from '#domain/mail/outbox.ts';
import { pageOfNotes } from '#domain/notes/notes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { hours } from '#kit/duration.ts';
import { addRecords } from '#tests/records.ts';
import { fieldValue, leadsTo, signedIn, staffWith, wordsOf, wrongFields } from '#tests/staff.ts';
import { upload } from '#tests/upload.ts';
import type { Fields, TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

onBothDatabases('contacts and records', (database) => {
  let world: World;
  let ada: TestBrowser;
  let root: TestBrowser;
  let home: string;
  let file: string;
  let clientId: number;
  before(async () => {
    world = await testWorld(database);
    clientId = world.cast.ada.clientId;
    home = `/account/${clientId}`;
    file = `/admin/clients/${clientId}`;
    ada = world.browser();
    await ada.signIn('ada@example.test');
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  const robin: Fields = {
    firstName: 'Robin',
    lastName: 'Sample',
    email: 'robin@example.test',
    phoneNumber: '020 7946 0001',
    emailPreferences: ['invoice', 'domain'],
  };

  describe('contacts', () => {
    test('the customer adds one, sees it, changes it; nothing typed is lost when something is missing', async () => {
      const refused = await ada.post(`${home}/contacts/new`, { ...robin, firstName: '', email: 'robin' });
      assert.equal(refused.statusCode, 422);
      assert.deepEqual(wrongFields(refused), ['email', 'firstName']);
      assert.equal(fieldValue(refused, 'lastName'), 'Sample');
      assert.match(refused.body, /value="invoice" checked/);
      assert.equal(leadsTo(await ada.post(`${home}/contacts/new`, robin)), `${home}/contacts`);
      const list = wordsOf(await ada.get(`${home}/contacts`));
      assert.match(list, /The contact is added.*Robin Sample.*robin@example\.test.*Invoices, Domains/);
      const [contact] = await contactsOf(world.ctx, clientId);
      assert.equal(contact?.phoneNumber, '+44.2079460001');
      const path = `${home}/contacts/${contact?.id}`;
      const seen = fieldValue(await ada.get(path), 'version') ?? '';
      world.clock.turn(1000);
      await ada.post(path, { ...robin, city: 'Bath', version: seen });
      const late = await ada.post(path, { ...robin, city: 'York', version: seen });
      assert.equal(late.statusCode, 409);
      assert.equal(fieldValue(late, 'city'), 'York');
      const again = fieldValue(late, 'version') ?? '';
      assert.equal(leadsTo(await ada.post(path, { ...robin, city: 'York', version: again })), path);
    });

    test('invoices are made out to it, until it is deleted; it can be invited as a user', async () => {
      const [contact] = await contactsOf(world.ctx, clientId);
      const path = `${home}/contacts/${contact?.id}`;
      await ada.post(`${path}/billing`, { to: 'contact' }, { from: path });
      assert.match(wordsOf(await ada.get(`${home}/contacts`)), /made out to this contact.*Billed/);
      const read = await world.api('GetClientsDetails', { clientid: clientId });
      assert.equal(read.body['billingcid'], contact?.id);
      const page = await ada.get(path);
      assert.ok(page.body.includes(`href="${home}/users/invite?email=robin%40example.test"`));
      assert.equal(
        fieldValue(await ada.get(`${home}/users/invite?email=robin%40example.test`), 'email'),
        'robin@example.test',
      );
      assert.match(wordsOf(await ada.get(`${path}/removal`)), /made out to the account itself again/);
      await ada.post(`${path}/removal`);
      assert.equal((await clientOf(world.ctx, clientId)).billingContactId, 0);
      assert.match(wordsOf(await ada.get(`${home}/contacts`)), /The contact is deleted.*No contacts yet/);
    });

    test('staff do the same in the profile of the client', async () => {
      assert.equal(leadsTo(await root.post(`${file}/contacts/new`, robin)), `${file}/contacts`);
      assert.match(wordsOf(await root.get(`${file}/contacts`)), /Robin Sample/);
      const [contact] = await contactsOf(world.ctx, clientId);
      const path = `${file}/contacts/${contact?.id}`;
      assert.ok((await root.get(path)).body.includes(`href="${file}/users/new?email=robin%40example.test"`));
      await root.post(`${path}/billing`, { to: 'contact' }, { from: path });
      assert.equal((await clientOf(world.ctx, clientId)).billingContactId, contact?.id);
      await root.post(path, { ...robin, companyName: 'Books Ltd' });
      assert.match(wordsOf(await root.get(path)), /The contact is saved/);
      await root.post(`${path}/removal`);
      assert.deepEqual(await contactsOf(world.ctx, clientId), []);
    });

    test('who may see contacts alone sees no billing, no invitation, and no other page', async () => {
      await addMember(world.ctx, actor, world.cast.cleo.id, world.cast.eve.clientId, ['contacts']);
      const cleo = world.browser();
      await cleo.signIn('cleo@example.test');
      await cleo.post('/login/code', { code: '246810' });
      const there = `/account/${world.cast.eve.clientId}`;
      await cleo.post(`${there}/contacts/new`, robin);
      const [contact] = await contactsOf(world.ctx, world.cast.eve.clientId);
      const page = await cleo.get(`${there}/contacts/${contact?.id}`);
      assert.equal(page.statusCode, 200);
      assert.doesNotMatch(page.body, /\/billing"|\/users\/invite/);
      const billing = `${there}/contacts/${contact?.id}/billing`;
      for (const path of [`${there}/email-preferences`, `${there}/files`])
        assert.equal((await cleo.get(path)).statusCode, 403, path);
      const refused = await cleo.post(billing, { to: 'contact' }, { from: `${there}/contacts` });
      assert.equal(refused.statusCode, 403);
    });
  });

  describe('letters and consent', () => {
    test('the customer chooses letters; those about domains stay on until a contact gets them', async () => {
      const path = `${home}/email-preferences`;
      const refused = await ada.post(path, { emailPreferences: ['invoice'] });
      assert.equal(refused.statusCode, 422);
      assert.match(wordsOf(refused), /You must have at least one email address enabled .* as required by ICANN/);
      await ada.post(`${home}/contacts/new`, robin);
      assert.equal(leadsTo(await ada.post(path, { emailPreferences: ['invoice'], marketing: '1' })), path);
      const client = await clientOf(world.ctx, clientId);
      assert.deepEqual([client.emailPreferences.domain, client.emailPreferences.invoice], [false, true]);
      assert.equal(client.marketingOptIn, true);
      const [contact] = await contactsOf(world.ctx, clientId);
      const stuck = await ada.post(`${home}/contacts/${contact?.id}/removal`);
      assert.equal(stuck.statusCode, 422);
      assert.match(wordsOf(stuck), /enable domain notifications for the primary account holder or another contact/);
    });

    test('where the operator keeps the choice, it is shown and not taken', async () => {
      await changeSettings(world.ctx, actor, { 'client-email-preferences': '', 'marketing-emails': '' });
      const page = await ada.get(`${home}/email-preferences`);
      assert.doesNotMatch(page.body, /name="emailPreferences"|name="marketing"/);
      const before = await clientOf(world.ctx, clientId);
      await ada.post(`${home}/email-preferences`, { emailPreferences: ['support'] }, { from: `${home}/details` });
      const details = await ada.get(`${home}/details`);
      assert.doesNotMatch(details.body, /marketingOptIn/);
      assert.deepEqual((await clientOf(world.ctx, clientId)).emailPreferences, before.emailPreferences);
      assert.equal((await clientOf(world.ctx, clientId)).marketingOptIn, true);
      await changeSettings(world.ctx, actor, { 'client-email-preferences': 'on', 'marketing-emails': 'on' });
    });

    test('staff see the history, and change it with a reason that stands there', async () => {
      assert.match(wordsOf(await root.get(`${file}/consent`)), /On ada@example\.test Chosen in the account by ada@/);
      const silent = await root.post(`${file}/consent/change`, { to: 'off', reason: '' });
      assert.deepEqual([silent.statusCode, wrongFields(silent)], [422, ['reason']]);
      await root.post(`${file}/consent/change`, { to: 'off', reason: 'Asked by phone' });
      assert.match(wordsOf(await root.get(`${file}/consent`)), /Set by root, of our staff Reason: Asked by phone/);
      assert.equal((await clientOf(world.ctx, clientId)).marketingOptIn, false);
    });

    test('a link in a letter asks first; the button and one click take the consent back', async () => {
      await changeClient(world.ctx, actor, clientId, { marketingOptIn: true });
      const path = `/unsubscribe/${unsubscribeToken(world.ctx, clientId, 'ada@example.test')}`;
      const stranger = world.browser();
      assert.match(wordsOf(await stranger.get(path)), /will send no more news and offers/);
      await world.app.inject({ method: 'HEAD', url: path });
      assert.equal((await clientOf(world.ctx, clientId)).marketingOptIn, true, 'looking changes nothing');
      // As a mail program does it: no cookies, from elsewhere, nothing but the body that RFC 8058 prescribes.
      const answer = await world.app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
        payload: 'List-Unsubscribe=One-Click',
      });
      assert.equal(answer.statusCode, 200);
      assert.equal((await clientOf(world.ctx, clientId)).marketingOptIn, false);
      assert.equal((await pageOfConsent(world.ctx, clientId, {}, 1)).rows[0]?.source, 'one-click');
      assert.match(wordsOf(await stranger.get(path)), /You get no more news and offers/);
      assert.equal((await stranger.get('/unsubscribe/1.aaaa.bbbb')).statusCode, 404);
      assert.equal((await world.app.inject({ method: 'POST', url: '/unsubscribe/1.aaaa.bbbb' })).statusCode, 404);
    });

    test('the older address leads to a page that sends a link, and tells nobody who is known', async () => {
      const stranger = world.browser();
      assert.equal(leadsTo(await stranger.get('/unsubscribe.php?email=ada@example.test&key=1')), '/unsubscribe');
      const answers = [];
      for (const email of ['ada@example.test', 'nobody@example.test']) {
        const answer = await stranger.post('/unsubscribe', { email });
        answers.push([answer.statusCode, leadsTo(answer), wordsOf(await stranger.get('/unsubscribe'))]);
      }
      assert.deepEqual(answers[0], answers[1]);
      assert.match((await world.letterTo('ada@example.test')).link, /\/unsubscribe\/[\w.-]+$/);
      await assert.rejects(world.letterTo('nobody@example.test'));
      for (let more = 0; more < 4; more += 1) await stranger.post('/unsubscribe', { email: 'ada@example.test' });
      const sent = (await letterHistory(world.ctx, {}, { limit: 50 })).filter((one) => one.kind === 'unsubscribe');
      assert.equal(sent.length, 2, 'a day has two such letters for an address at most');
      assert.equal((await stranger.post('/unsubscribe', { email: 'x' })).statusCode, 422);
    });
  });

  describe('notes, credit, files, alerts', () => {
    test('a sticky note is in sight on every page about the client, for who may read notes', async () => {
      await root.post(`${file}/notes/new`, { body: 'Never call\nbefore noon', sticky: '1' });
      await root.post(`${file}/notes/new`, { body: 'An ordinary one' });
      for (const tab of ['', '/profile', '/users', '/credit', '/files/new'])
        assert.match(wordsOf(await root.get(`${file}${tab}`)), /Note of root.*Never call before noon/, tab);
      const blind = await staffWith(world, ['View Clients Summary']);
      assert.doesNotMatch(wordsOf(await blind.get(file)), /Never call/);
      assert.equal((await root.post(`${file}/notes/new`, { body: '  ' })).statusCode, 422);
      const [newest] = (await pageOfNotes(world.ctx, clientId, {}, 5)).rows;
      const path = `${file}/notes/${newest?.id}`;
      const version = fieldValue(await root.get(path), 'version') ?? '';
      world.clock.turn(1000);
      await root.post(path, { body: 'Put right', version });
      const late = await root.post(path, { body: 'Too late', version });
      assert.equal(late.statusCode, 409);
      assert.match(wordsOf(await root.get(`${file}/notes`)), /Put right.*Edited by root/);
      await root.post(`${path}/removal`);
      assert.equal((await pageOfNotes(world.ctx, clientId, {}, 5)).rows.length, 1);
    });

    test('credit is added and removed once for each form, however often it is sent', async () => {
      const path = `${file}/credit/addition`;
      const once = fieldValue(await root.get(path), 'once') ?? '';
      const typed = { amount: '24,50', description: 'Goodwill', once };
      assert.equal(leadsTo(await root.post(path, typed)), `${file}/credit`);
      assert.match(wordsOf(await root.get(`${file}/credit`)), /\$24\.50 added.*\$24\.50 Balance.*Goodwill.*\+\$24\.50/);
      await root.post(path, typed);
      assert.match(wordsOf(await root.get(`${file}/credit`)), /entered already/);
      const fresh = { ...typed, once: fieldValue(await root.get(`${file}/credit/removal`), 'once') ?? '' };
      const tooMuch = await root.post(`${file}/credit/removal`, { ...fresh, amount: '25' });
      assert.equal(tooMuch.statusCode, 409);
      assert.match(wordsOf(tooMuch), /24\.50 is left/);
      await root.post(`${file}/credit/removal`, { ...fresh, amount: '4.50' });
      assert.deepEqual(
        (await creditsOf(world.ctx, clientId)).map((one) => [one.amountMinor, one.balanceMinor]),
        [
          [2450, 2450],
          [-450, 2000],
        ],
      );
      for (const amount of ['', '-1', '0', '1e9', 'x'])
        assert.deepEqual(wrongFields(await root.post(path, { amount, description: 'x', once: 'a'.repeat(22) })), [
          'amount',
        ]);
    });

    test('a shared file is saved by the customer, one for staff is not there', async () => {
      const bytes = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
      const shared = { filename: 'Vertrag Müller.pdf', bytes };
      assert.equal(leadsTo(await upload(world, root, `${file}/files/new`, shared, { shared: '1' })), `${file}/files`);
      await upload(world, root, `${file}/files/new`, { filename: 'secret.pdf', bytes }, { title: 'For us' });
      const [secret, open] = (await pageOfFiles(world.ctx, clientId, false, {}, 5)).rows;
      const list = wordsOf(await ada.get(`${home}/files`));
      assert.match(list, /Vertrag Müller\.pdf/);
      assert.doesNotMatch(list, /For us|secret/);
      const saved = await ada.get(`${home}/files/${open?.id}`);
      assert.ok(saved.rawPayload.equals(bytes));
      assert.equal(
        saved.headers['content-disposition'],
        `attachment; filename="Vertrag Muller.pdf"; filename*=UTF-8''Vertrag%20M%C3%BCller.pdf`,
      );
      assert.equal((await ada.get(`${home}/files/${secret?.id}`)).statusCode, 404);
      assert.ok((await root.get(`${file}/files/${secret?.id}/download`)).rawPayload.equals(bytes));
      await root.post(`${file}/files/${open?.id}`, { title: 'Contract' });
      assert.equal((await ada.get(`${home}/files/${open?.id}`)).statusCode, 404, 'no longer shared');
      await root.post(`${file}/files/${open?.id}/removal`);
      assert.equal((await root.get(`${file}/files/${open?.id}`)).statusCode, 404);
    });

    test('an alert stands on the home of the account until it is taken away', async () => {
      await changeSettings(world.ctx, actor, { 'sso-destinations': 'clientarea:invoices https://billing.example/i' });
      const path = `${file}/alerts/new`;
      for (const link of [
        'https://evil.example/',
        '//evil.example',
        'javascript:alert(1)',
        '/\\evil',
        '/admin',
        '/logout',
      ])
        assert.deepEqual(wrongFields(await root.post(path, { text: 'x', tone: 'info', link })), ['link'], link);
      await root.post(path, { text: 'Your card runs out', tone: 'danger', link: 'https://billing.example/cards' });
      await root.post(path, { text: 'We moved', tone: 'info', link: '' });
      const page = await ada.get(home);
      assert.match(wordsOf(page), /Your card runs out Go there.*We moved/);
      assert.ok(page.body.includes('href="https://billing.example/cards"'));
      await changeSettings(world.ctx, actor, { 'sso-destinations': '' });
      assert.ok(!(await ada.get(home)).body.includes('billing.example'), 'an origin that was taken back leads nowhere');
      const alerts = await root.get(`${file}/alerts`);
      const removal = /action="([^"]*\/alerts\/\d+\/removal)"/.exec(alerts.body)?.[1] ?? '';
      await root.post(removal, {}, { from: `${file}/alerts` });
      assert.doesNotMatch(wordsOf(await ada.get(home)), /We moved/);
    });
  });

  test('other programs are told of contacts, consent, credit and files by name and number alone', () => {
    const told = world.ctx.bus.toldOutside;
    for (const name of [
      'contact.created',
      'contact.updated',
      'contact.deleted',
      'consent.changed',
      'client.credit.changed',
      'client.file.uploaded',
    ])
      assert.ok(told.includes(name), name);
  });

  describe('the end', () => {
    test('a closed account shows its contacts and takes no new ones', async () => {
      const { clientId: theirs } = world.cast.eve;
      const eve = world.browser();
      await eve.signIn('eve@example.test');
      await closeClient(world.ctx, actor, theirs);
      const list = await eve.get(`/account/${theirs}/contacts`);
      assert.equal(list.statusCode, 200);
      assert.doesNotMatch(list.body, /contacts\/new/);
      assert.equal((await eve.post(`/account/${theirs}/contacts/new`, robin)).statusCode, 403);
      assert.equal((await eve.get(`/account/${theirs}/email-preferences`)).statusCode, 200);
    });

    test('with the client everything about the person goes, and the ledger stays', async () => {
      const { clientId: gone } = world.cast.cleo;
      const word = 'Quetzalcoatl';
      await addRecords(world, gone, word);
      await changeClient(world.ctx, actor, gone, { companyName: word, city: word });
      await world.ctx.transaction((tx) =>
        queueLetter(tx, {
          kind: 'news',
          language: 'en',
          direction: 'ltr',
          to: { address: 'cleo@example.test', name: word },
          subject: word,
          paragraphs: [word],
          small: [],
          clientId: gone,
          expiresAt: tx.now() + hours(1),
        }),
      );
      const entries = (await creditsOf(world.ctx, gone)).length;
      await deleteClient(world.ctx, { ...actor, name: 'Test' }, gone, true);
      const left = new Map<string, string>();
      for (const table of TABLES)
        left.set(table, JSON.stringify(await world.ctx.db.selectFrom(table).selectAll().execute()));
      // Whoever acted stays in the log; here they bear the word as their name.
      left.set('audit_log', (left.get('audit_log') ?? '').replaceAll(`"actor_name":"${word}"`, ''));
      for (const [table, rows] of left)
        if (table !== 'credit_log') assert.ok(!rows.includes(word), `${table} still knows ${word}`);
      assert.equal((await creditsOf(world.ctx, gone)).length, entries);
      const events = (await auditLines(world.ctx, { clientId: gone }, { limit: 50 })).map((one) => one.event);
      assert.ok(events.includes('client.deleted') && events.includes('contact.created'), 'that it happened stays');
      assert.match(wordsOf(await root.get(`/admin/credit-log?client=${gone}`)), /\+\$12\.50/);
      assert.match(wordsOf(await root.get('/admin/credit-log?client=nobody')), /no entries/i);
    });
  });
});

const TABLES = [
  'clients',
  'contacts',
  'consent_log',
  'consent_withdrawals',
  'client_notes',
  'client_files',
  'client_file_parts',
  'client_alerts',
  'letters',
  'audit_log',
  'members',
  'users',
  'credit_log',
] as const;
