// Marketing consent: every change is in the log, staff say why, and whoever takes it back by a link is left alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeConsent, consentQuestion, mayMarketTo, pageOfConsent } from '#domain/consent/consent.ts';
import { readUnsubscription, unsubscribe, unsubscribeToken, unsubscribeUrl } from '#domain/consent/unsubscribing.ts';
import { addContact, NO_LETTERS } from '#domain/contacts/contacts.ts';
import { letterOf, queueLetter } from '#domain/mail/outbox.ts';
import { postLetters } from '#domain/mail/post.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days, hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { TestSmtp } from '#tests/smtp.ts';
import { startSmtp } from '#tests/smtp.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const system = systemActor('Test');

onBothDatabases('consent', (database) => {
  let world: World;
  let ctx: Context;
  let smtp: TestSmtp;
  before(async () => {
    smtp = await startSmtp();
    world = await testWorld(database, {
      environment: { DOORWARD_SMTP_URL: smtp.url, DOORWARD_URL: 'https://door.example' },
    });
    ctx = world.ctx;
  });
  after(async () => {
    await world?.close(); // where it never opened, the mail server must not keep the process alive
    await smtp.stop();
  });

  const staff = () =>
    ({ kind: 'administrator', administratorId: world.cast.root.id, name: 'root', ip: '10.0.0.1' }) as const;
  const customer = () =>
    ({ kind: 'user', userId: world.cast.ada.id, name: 'ada@example.test', ip: '192.0.2.7' }) as const;
  let made = 0;
  const client = async (optedIn: boolean): Promise<number> => {
    made += 1;
    const given = { ...profile({ email: `news${made}@example.test` }), marketingOptIn: optedIn };
    return ctx.transaction((tx) => addClient(tx, system, given));
  };
  const linesOf = async (id: number) => (await pageOfConsent(ctx, id, {}, 50)).rows;

  test('each change has its line: when, how, by whom, to which address, and what was asked', async () => {
    await changeSettings(ctx, system, { 'marketing-message': 'May we write to you about offers?' });
    const id = await client(true);
    await changeClient(ctx, customer(), id, { marketingOptIn: false });
    await changeConsent(ctx, staff(), id, true, { source: 'staff', reason: 'Asked by phone' });
    await changeConsent(ctx, staff(), id, true, { source: 'staff', reason: 'Twice is once' });
    assert.deepEqual(
      (await linesOf(id)).map(({ source, optedIn, actorName, reason }) => [source, optedIn, actorName, reason]),
      [
        ['staff', true, 'root', 'Asked by phone'],
        ['account', false, 'ada@example.test', ''],
        ['registration', true, 'Test', ''],
      ],
    );
    assert.deepEqual(
      (await linesOf(id)).map(({ wording, address }) => [wording, address]),
      Array.from({ length: 3 }, () => ['May we write to you about offers?', `news${made}@example.test`]),
    );
  });

  test('staff cannot change it without a reason, nor among other changes of the account', async () => {
    const id = await client(false);
    await assert.rejects(changeConsent(ctx, staff(), id, true, { source: 'staff', reason: ' \u200b ' }), {
      fields: { reason: 'reason-missing' },
    });
    await assert.rejects(changeClient(ctx, staff(), id, { marketingOptIn: true, city: 'Bath' }), {
      code: 'consent-needs-reason',
    });
    const after = await clientOf(ctx, id);
    assert.deepEqual([after.marketingOptIn, after.city, (await linesOf(id)).length], [false, 'Sampletown', 0]);
    const program = { ...staff(), credentialId: 1 };
    await changeClient(ctx, program, id, { marketingOptIn: true });
    assert.equal((await linesOf(id))[0]?.source, 'api');
  });

  test('the question is the operator’s: whether it is asked, how it starts, in which words', async () => {
    assert.deepEqual(await consentQuestion(ctx), {
      asked: true,
      startsTicked: false,
      message: 'May we write to you about offers?',
    });
    const id = await client(true);
    await changeSettings(ctx, system, { 'marketing-emails': '', 'marketing-opt-in-required': '' });
    assert.deepEqual((await consentQuestion(ctx)).asked, false);
    assert.equal((await consentQuestion(ctx)).startsTicked, true);
    assert.equal(await mayMarketTo(ctx, await clientOf(ctx, id), `news${made}@example.test`), false);
    await changeSettings(ctx, system, { 'marketing-emails': 'on', 'marketing-opt-in-required': 'on' });
    assert.equal(await mayMarketTo(ctx, await clientOf(ctx, id), `news${made}@example.test`), true);
  });

  test('a link takes it back for good; pressed twice or fifty times at once there is one line', async () => {
    const id = await client(true);
    const address = `news${made}@example.test`;
    const token = unsubscribeToken(ctx, id, address);
    assert.equal((await readUnsubscription(ctx, token))?.isDone, false);
    assert.equal((await clientOf(ctx, id)).marketingOptIn, true, 'reading changes nothing');
    const from = { ip: '198.51.100.1', oneClick: true };
    await Promise.all(Array.from({ length: 50 }, () => unsubscribe(ctx, token, from)));
    assert.equal((await clientOf(ctx, id)).marketingOptIn, false);
    const lines = await linesOf(id);
    assert.deepEqual([lines.length, lines[0]?.source, lines[0]?.ip], [2, 'one-click', '198.51.100.1']);
    const letters = await ctx.db.selectFrom('letters').select('id').where('client_id', '=', id).execute();
    assert.deepEqual(letters, [], 'whoever wants no letters gets none about it');
    assert.equal(await mayMarketTo(ctx, { marketingOptIn: true }, address.toUpperCase()), false);
    await changeConsent(ctx, customer(), id, true, { source: 'account' });
    assert.equal(await mayMarketTo(ctx, await clientOf(ctx, id), address), true, 'agreeing anew counts');
  });

  test('a contact takes back its own, and the account goes on getting theirs', async () => {
    const id = await client(true);
    const own = `news${made}@example.test`;
    await addContact(ctx, system, id, {
      firstName: 'C',
      lastName: 'D',
      email: 'copy@example.test',
      emailPreferences: NO_LETTERS,
    });
    await unsubscribe(ctx, unsubscribeToken(ctx, id, 'copy@example.test'), { ip: '198.51.100.2', oneClick: false });
    const now = await clientOf(ctx, id);
    assert.equal(now.marketingOptIn, true);
    assert.equal(await mayMarketTo(ctx, now, 'copy@example.test'), false);
    assert.equal(await mayMarketTo(ctx, now, own), true);
    assert.deepEqual([(await linesOf(id))[0]?.address, (await linesOf(id))[0]?.source], ['copy@example.test', 'link']);
  });

  test('a link to an address that the account had then ends its letters too', async () => {
    const id = await client(true);
    const token = unsubscribeToken(ctx, id, `news${made}@example.test`);
    await changeClient(ctx, customer(), id, { email: 'moved@example.test' });
    assert.equal(await unsubscribe(ctx, token, { ip: '', oneClick: false }), true);
    assert.equal((await clientOf(ctx, id)).marketingOptIn, false);
  });

  test('a made-up, shortened or swapped token is none', async () => {
    const [one, other] = [await client(true), await client(true)];
    const good = unsubscribeToken(ctx, one, 'a@example.test');
    const swapped = good.replace(/^[^.]*/, other.toString(36));
    for (const token of ['', '..', good.slice(0, -1), `${good}x`, swapped, 'x'.repeat(200), '__proto__.a.b']) {
      assert.equal(await readUnsubscription(ctx, token), undefined, token);
      assert.equal(await unsubscribe(ctx, token, { ip: '', oneClick: false }), false, token);
    }
    assert.equal((await clientOf(ctx, other)).marketingOptIn, true);
  });

  test('the letter says how in itself and in its head, and the history does not', async () => {
    const id = await client(true);
    const address = `news${made}@example.test`;
    const url = await unsubscribeUrl(ctx, id, address);
    assert.match(url, /^https:\/\/door\.example\/unsubscribe\/[\w.-]+$/);
    const letterId = await ctx.transaction((tx) =>
      queueLetter(tx, {
        kind: 'news',
        language: 'en',
        direction: 'ltr',
        to: { address, name: 'N' },
        subject: 'News',
        paragraphs: ['Hello'],
        small: ['You agreed to this.'],
        clientId: id,
        expiresAt: ctx.now() + hours(1),
        unsubscribe: { label: 'Unsubscribe', url },
      }),
    );
    await postLetters(ctx);
    const sent = await smtp.waitForLetter(address);
    assert.equal(sent.header('list-unsubscribe'), `<${url}>`);
    assert.equal(sent.header('list-unsubscribe-post'), 'List-Unsubscribe=One-Click');
    assert.ok(sent.text.includes(url));
    const kept = await letterOf(ctx, letterId);
    assert.ok(!`${kept.html}${kept.text}`.includes('/unsubscribe/'));
    world.clock.turn(days(365));
    assert.ok(await readUnsubscription(ctx, url.split('/').at(-1) ?? ''), 'the link never ends');
  });
});
