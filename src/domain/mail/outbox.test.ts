// Letters: sealed while they wait, masked afterwards, sent once, and never when their use is over.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import type { Letter } from '#domain/mail/letter.ts';
import { letterHtml, MASKED } from '#domain/mail/letter.ts';
import {
  countLetters,
  letterHistory,
  letterOf,
  liveLetterOf,
  queueLetter,
  unsealLetter,
  withdrawLetters,
} from '#domain/mail/outbox.ts';
import { postLetters } from '#domain/mail/post.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { TestSmtp } from '#tests/smtp.ts';
import { startSmtp } from '#tests/smtp.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SECRET = 'https://door.example/password/set/Zq3-live-link';

onBothDatabases('the outbox', (database) => {
  let world: World;
  let ctx: Context;
  let smtp: TestSmtp;
  before(async () => {
    smtp = await startSmtp();
    world = await testWorld(database, { cast: false, environment: { DOORWARD_SMTP_URL: smtp.url } });
    ctx = world.ctx;
  });
  after(async () => {
    await world.close();
    await smtp.stop();
  });

  let made = 0;
  const letter = (over: Partial<Letter> = {}): Letter => {
    made += 1;
    return {
      kind: 'set-password',
      language: 'en',
      direction: 'ltr',
      to: { address: `ada${made}@example.test`, name: 'Ada' },
      subject: 'Choose a password',
      paragraphs: ['Hello Ada'],
      button: { label: 'Choose', url: SECRET, orCopy: 'Or copy' },
      small: ['You asked for this.'],
      expiresAt: ctx.now() + hours(1),
      ...over,
    };
  };
  const queue = (over: Partial<Letter> = {}): Promise<number> => queueLetter(ctx, letter(over));
  const rowOf = async (id: number) =>
    ctx.db.selectFrom('letters').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  test('keeps a live link sealed while it waits, bound to whom it is for, and masked in what people see', async () => {
    const id = await queue();
    const row = await rowOf(id);
    for (const [column, value] of Object.entries(row)) assert.doesNotMatch(String(value), /live-link/, column);
    assert.match((await liveLetterOf(ctx, id)).text, /live-link/);
    for (const text of [(await letterOf(ctx, id)).text, (await letterOf(ctx, id)).html]) {
      assert.doesNotMatch(text, /live-link/);
      assert.ok(text.includes(MASKED));
    }
    assert.doesNotMatch((await letterOf(ctx, id)).html, /href/);
    assert.equal(unsealLetter(ctx, { ...row, to_address: 'eve@example.test' }), undefined, 'put into another row');
    await postLetters(ctx);
  });

  test('sends each letter once, and then nobody can read its link any more', async () => {
    const id = await queue({ to: { address: 'once@example.test', name: 'Ada "Countess" <x>' } });
    await Promise.all([postLetters(ctx), postLetters(ctx), postLetters(ctx)]);
    const sent = smtp.letters.filter((one) => one.to.includes('once@example.test'));
    assert.equal(sent.length, 1);
    assert.ok(sent[0]?.links.includes(SECRET));
    assert.equal(sent[0]?.header('auto-submitted'), 'auto-generated');
    const row = await rowOf(id);
    assert.deepEqual([row.state, row.sealed, row.sent_at], ['sent', null, ctx.now()]);
    assert.doesNotMatch((await liveLetterOf(ctx, id)).text, /live-link/);
  });

  test('leaves only with its transaction', async () => {
    await assert.rejects(
      ctx.transaction(async (tx) => {
        await queueLetter(tx, letter({ to: { address: 'undone@example.test', name: 'Ada' } }));
        throw new Error('undone');
      }),
      /undone/,
    );
    await postLetters(ctx);
    assert.ok(!smtp.letters.some((one) => one.to.includes('undone@example.test')));
  });

  test('does not send a letter whose use is over, nor show its link, cleaner or not', async () => {
    const id = await queue({ to: { address: 'late@example.test', name: 'Ada' }, expiresAt: ctx.now() + minutes(10) });
    world.clock.turn(minutes(10));
    assert.doesNotMatch((await liveLetterOf(ctx, id)).text, /live-link/);
    await postLetters(ctx);
    assert.ok(!smtp.letters.some((one) => one.to.includes('late@example.test')));
    const row = await rowOf(id);
    assert.deepEqual([row.state, row.sealed], ['expired', null]);
  });

  test('takes back what a newer one replaces, of that kind and that person alone', async () => {
    const mine = await queue({ userId: 1 });
    const welcome = await queue({ userId: 1, kind: 'welcome' });
    const other = await queue({ userId: 2 });
    const staff = await queue({ administratorId: 1 });
    await withdrawLetters(ctx, 'set-password', { userId: 1 });
    const states = async (): Promise<string[]> =>
      Promise.all([mine, welcome, other, staff].map(async (id) => (await rowOf(id)).state));
    assert.deepEqual(await states(), ['expired', 'waiting', 'waiting', 'waiting']);
    await withdrawLetters(ctx, undefined, { administratorId: 1 });
    assert.deepEqual(await states(), ['expired', 'waiting', 'waiting', 'expired']);
    assert.equal((await rowOf(mine)).sealed, null);
    await postLetters(ctx);
  });

  test('tries again with growing pauses while the server is not there or says later, then gives up', async () => {
    const takeAgain = smtp.refuse('later@example.test', 450);
    const id = await queue({ to: { address: 'later@example.test', name: 'Ada' } });
    await postLetters(ctx);
    const first = await rowOf(id);
    assert.deepEqual([first.state, first.attempts, first.next_attempt_at], ['waiting', 1, ctx.now() + seconds(30)]);
    await postLetters(ctx);
    assert.equal((await rowOf(id)).attempts, 1, 'not before its time');
    world.clock.turn(seconds(30));
    await postLetters(ctx);
    assert.equal((await rowOf(id)).next_attempt_at, ctx.now() + minutes(2));
    takeAgain();
    world.clock.turn(minutes(2));
    await postLetters(ctx);
    assert.equal((await rowOf(id)).state, 'sent');
  });

  test('gives up on a recipient that is refused for good, and when the next try would come too late', async () => {
    smtp.refuse('gone@example.test', 550);
    smtp.refuse('slow@example.test', 450);
    const gone = await queue({ to: { address: 'gone@example.test', name: 'Ada' } });
    const slow = await queue({ to: { address: 'slow@example.test', name: 'Ada' }, expiresAt: ctx.now() + seconds(30) });
    await postLetters(ctx);
    for (const id of [gone, slow]) {
      const row = await rowOf(id);
      assert.deepEqual([row.state, row.sealed], ['failed', null]);
      assert.ok(row.failure);
    }
  });

  test('a wrong password of ours to the mail server loses no letter', async (t) => {
    const guarded = await startSmtp({ auth: { user: 'door', password: 'right' } });
    t.after(() => guarded.stop());
    const withWrongPassword = { ...ctx, config: { ...ctx.config, smtpUrl: guarded.url.replace('right', 'wrong') } };
    const id = await queue();
    await postLetters(withWrongPassword);
    const row = await rowOf(id);
    assert.equal(row.state, 'waiting');
    assert.doesNotMatch(row.failure ?? '', /wrong/, 'the password is not in what staff read');
    world.clock.turn(minutes(1));
    await postLetters({ ...ctx, config: { ...ctx.config, smtpUrl: guarded.url } });
    assert.equal((await rowOf(id)).state, 'sent');
  });

  test('without a mail server letters wait, and end when their use is over', async () => {
    const id = await queue({ expiresAt: ctx.now() + minutes(1) });
    const without = { ...ctx, config: { ...ctx.config, smtpUrl: undefined } };
    assert.equal(await postLetters(without), 0);
    assert.equal((await rowOf(id)).state, 'waiting');
    world.clock.turn(minutes(1));
    await postLetters(without);
    assert.equal((await rowOf(id)).state, 'expired');
  });

  test('a letter that the key of today does not open is said to be failed, and the others still leave', async () => {
    const broken = await queue();
    await ctx.db.updateTable('letters').set({ sealed: 'AQAAAA' }).where('id', '=', broken).execute();
    const good = await queue();
    await postLetters(ctx);
    assert.deepEqual([(await rowOf(broken)).state, (await rowOf(good)).state], ['failed', 'sent']);
  });

  test('what a person is called injects neither a header nor HTML', async () => {
    const evil = 'Ada\r\nBcc: eve@example.test\r\n\r\n<script>alert(1)</script>';
    await changeSettings(ctx, systemActor(), { 'company-name': '<b>Acme</b>' });
    await queueLetter(
      ctx,
      letter({
        to: { address: 'evil@example.test', name: evil },
        subject: `Hi ${evil}`,
        paragraphs: [`Hello ${evil}`],
      }),
    );
    await postLetters(ctx);
    const sent = smtp.letters.find((one) => one.to.includes('evil@example.test'));
    assert.ok(sent);
    assert.deepEqual(sent.to, ['evil@example.test']);
    assert.equal(sent.header('bcc'), undefined);
    assert.doesNotMatch(sent.html, /<script>|<b>Acme/);
    assert.match(sent.html, /&lt;script&gt;/);
    await changeSettings(ctx, systemActor(), { 'company-name': '' });
  });

  test('a letter comes from the address and name of the settings, and closes with what is set, in both its parts', async () => {
    const sent = async (address: string) => {
      await queue({ to: { address, name: 'Ada' } });
      await postLetters(ctx);
      return smtp.waitForLetter(address);
    };
    await changeSettings(ctx, systemActor(), { 'company-name': 'Acme' });
    const plain = await sent('plain@example.test');
    assert.equal(plain.header('from'), 'Acme <no-reply@localhost>');
    assert.match(plain.text, /\nAcme\n/);
    await changeSettings(ctx, systemActor(), {
      'mail-from-name': 'Northwind "Post", Ltd',
      'mail-from-address': 'post@northwind.test',
      'mail-signature': 'Yours,\nthe <b>people</b> of Northwind',
    });
    const own = await sent('own@example.test');
    assert.equal(own.from, 'post@northwind.test', 'of the envelope too');
    assert.match(String(own.header('from')), /^"Northwind \\"Post\\", Ltd" <post@northwind\.test>$/);
    assert.match(own.text, /\nYours,\nthe <b>people<\/b> of Northwind\n/);
    assert.match(own.html, /Yours,\nthe &lt;b&gt;people&lt;\/b&gt; of Northwind/);
    const nothing = { 'company-name': '', 'mail-from-name': '', 'mail-from-address': '', 'mail-signature': '' };
    await changeSettings(ctx, systemActor(), nothing);
  });

  test('a button never leads to a script', () => {
    const html = letterHtml(letter({ button: { label: 'x', url: '"><script>alert(1)</script>', orCopy: '' } }), {
      companyName: 'Acme',
      signature: '',
    });
    assert.doesNotMatch(html, /<script>/);
  });

  test('an unknown letter is not found', async () => {
    await assert.rejects(letterOf(ctx, 999_999), { kind: 'not-found', code: 'letter-not-found' });
    await assert.rejects(liveLetterOf(ctx, 0), { kind: 'not-found', code: 'letter-not-found' });
  });

  test('the history is narrowed by person and state, the newest first', async () => {
    const [one, two] = [await queue({ userId: 77 }), await queue({ userId: 77, clientId: 5 })];
    const ids = async (filter: Parameters<typeof letterHistory>[1]): Promise<number[]> =>
      (await letterHistory(ctx, filter, { limit: 10 })).map((row) => row.id);
    assert.deepEqual(await ids({ userId: 77 }), [two, one]);
    assert.deepEqual(await ids({ clientId: 5 }), [two]);
    assert.deepEqual(await ids({ userId: 77, state: 'sent' }), []);
    assert.ok((await countLetters(ctx, 'waiting')).count >= 2);
  });
});
