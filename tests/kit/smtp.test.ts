// The test mail server, tried with the sender that Doorward uses.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { type SmtpOptions, startSmtp, type TestSmtp } from '#tests/smtp.ts';

const LETTER = {
  from: 'Doorward <door@example.com>',
  to: 'ada@example.com',
  subject: 'Grüße an Ada',
  text: 'Open https://door.example/invite/abc?x=1&y=2. Or write to us (https://door.example/help).',
  html: '<p>Open <a href="https://door.example/invite/abc?x=1&amp;y=2">this</a></p>',
  headers: { 'Auto-Submitted': 'auto-generated' },
};

test('a letter arrives, parsed, before its sender hears that it was taken', async (t) => {
  const { smtp, send } = await mailTo(t);
  await send(LETTER);
  const [letter] = smtp.letters;
  assert.ok(letter);
  assert.equal(letter.from, 'door@example.com');
  assert.deepEqual(letter.to, ['ada@example.com']);
  assert.equal(letter.subject, 'Grüße an Ada');
  assert.match(letter.text, /^Open https/);
  assert.match(letter.html, /<a href=/);
  assert.deepEqual(letter.links, ['https://door.example/invite/abc?x=1&y=2', 'https://door.example/help']);
  assert.equal(letter.header('auto-submitted'), 'auto-generated');
  assert.match(letter.raw, /^Auto-Submitted: auto-generated\r$/m);
});

test('a hidden recipient is in the envelope and not in the letter', async (t) => {
  const { smtp, send } = await mailTo(t);
  await send({ ...LETTER, bcc: 'ben@example.com' });
  assert.deepEqual(smtp.letters[0]?.to, ['ada@example.com', 'ben@example.com']);
  assert.doesNotMatch(smtp.letters[0]?.raw ?? '', /ben@/);
});

test('waiting finds what came before and what comes later, and gives up with what there is', async (t) => {
  const { smtp, send } = await mailTo(t);
  const later = smtp.waitForLetter((letter) => letter.subject === 'Second');
  await send(LETTER);
  await send({ ...LETTER, to: 'ben@example.com', subject: 'Second' });
  assert.deepEqual((await later).to, ['ben@example.com']);
  assert.equal((await smtp.waitForLetter('ada@example.com')).subject, 'Grüße an Ada');
  await assert.rejects(smtp.waitForLetter('max@example.com', 20), /"Grüße an Ada" to ada@example.com; "Second"/);
});

test('refuses chosen recipients for now or for good, until told otherwise', async (t) => {
  const { smtp, send } = await mailTo(t);
  const takeAgain = smtp.refuse('ada@example.com', 450);
  smtp.refuse(/@nowhere\./, 550, 'Mailbox gone');
  await assert.rejects(send(LETTER), { responseCode: 450 });
  await assert.rejects(send({ ...LETTER, to: 'max@nowhere.example' }), { responseCode: 550, response: /Mailbox gone/ });
  assert.equal(smtp.letters.length, 0);
  takeAgain();
  await send(LETTER);
  assert.equal(smtp.letters.length, 1);
});

test('takes letters only from who knows the password, if there is one', async (t) => {
  const { smtp, send } = await mailTo(t, { auth: { user: 'door@example.com', password: 'p:ss/w@rd' } });
  await send(LETTER);
  assert.equal(smtp.letters.length, 1);
  const url = new URL(smtp.url);
  url.password = 'wrong';
  await assert.rejects(nodemailer.createTransport(url.href).sendMail(LETTER), { code: 'EAUTH', responseCode: 535 });
  url.username = '';
  url.password = '';
  await assert.rejects(nodemailer.createTransport(url.href).sendMail(LETTER), { responseCode: 530 });
  assert.equal(smtp.letters.length, 1);
});

for (const at of ['greeting', 'letter'] as const) {
  test(`hangs at the ${at}, and answers when let go`, async (t) => {
    const { smtp, send } = await mailTo(t);
    const letGo = smtp.hang(at);
    const sent = send(LETTER);
    const early = await Promise.race([sent, new Promise((later) => setTimeout(later, 150, 'nothing'))]);
    assert.equal(early, 'nothing');
    assert.equal(smtp.letters.length, 0);
    letGo();
    await sent;
    assert.equal(smtp.letters.length, 1);
  });
}

test('stops at once while a sender hangs', async () => {
  const smtp = await startSmtp();
  smtp.hang('letter');
  const sent = nodemailer.createTransport(smtp.url).sendMail(LETTER);
  const failed = assert.rejects(sent);
  await new Promise((later) => setTimeout(later, 100));
  const startedAt = performance.now();
  await smtp.stop();
  await failed;
  assert.ok(performance.now() - startedAt < 1_000);
});

async function mailTo(t: TestContext, options: SmtpOptions = {}): Promise<{ smtp: TestSmtp; send: Send }> {
  const smtp = await startSmtp(options);
  t.after(() => smtp.stop());
  const transport = nodemailer.createTransport(smtp.url);
  return { smtp, send: (letter) => transport.sendMail(letter) };
}

type Send = (letter: SendMailOptions) => Promise<unknown>;
