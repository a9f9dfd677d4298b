// Edited texts of letters: tried before they are kept, filled in when a letter is written, and never the reason that one is lost.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ownershipLetter } from '#domain/access/ownership.mail.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { everyTemplate, findTemplateByName, sourceIn, templateOf } from '#domain/mail/email-templates.ts';
import { MASKED } from '#domain/mail/letter.ts';
import { COMMON_FIELDS } from '#domain/mail/merge-fields.ts';
import { letterHistory, letterOf, liveLetterOf, queueLetter } from '#domain/mail/outbox.ts';
import { postLetters } from '#domain/mail/post.ts';
import { fromSmarty } from '#domain/mail/smarty.ts';
import { addTemplate, changeDelivery, removeTemplate, resetText, saveText } from '#domain/mail/template-changes.ts';
import { numberOfFaultyTexts, previewOf, reviewTexts, strangeFields } from '#domain/mail/template-trials.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { accountReadyLetter } from '#domain/signup/account-ready.mail.ts';
import { userOf } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { isKey, languages } from '#src/locales/words.ts';
import type { TestSmtp } from '#tests/smtp.ts';
import { startSmtp } from '#tests/smtp.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const EDITED = {
  subject: 'New password, {{ name }}',
  body: 'Dear {{ name }},\n\nhere it is:\n\n{% button "Open <it>" %}\n\nor {{ link }}',
  small: 'From {{ company_name }}.',
};

onBothDatabases('edited texts of letters', (database) => {
  let world: World;
  let ctx: Context;
  let smtp: TestSmtp;
  before(async () => {
    smtp = await startSmtp();
    world = await testWorld(database, { environment: { DOORWARD_SMTP_URL: smtp.url } });
    ctx = world.ctx;
  });
  after(async () => {
    await world.close();
    await smtp.stop();
  });

  const named = async (name: string): Promise<EmailTemplate> => {
    const found = await findTemplateByName(ctx, name);
    assert.ok(found, name);
    return found;
  };
  const reset = (): Promise<EmailTemplate> => named('Password Reset Validation');
  /** The letter that ben gets when he asks for a new password. */
  const asked = async () => {
    await sendPasswordLink(ctx, actor, world.cast.ben.id, 'asked');
    const [newest] = await letterHistory(ctx, { userId: world.cast.ben.id }, { limit: 1 });
    assert.ok(newest);
    return { live: await liveLetterOf(ctx, newest.id), kept: await letterOf(ctx, newest.id) };
  };
  const shippedAgain = async (): Promise<void> => resetText(ctx, actor, (await reset()).id, 'en');
  const ready = (to: string): Promise<number> =>
    queueLetter(
      ctx,
      accountReadyLetter({
        to: { address: to, name: 'Ada', language: '' },
        company: 'Acme',
        loginUrl: 'https://door.example/login',
        resetUrl: 'https://door.example/password/reset',
        expiresAt: ctx.now() + hours(1),
        userId: world.cast.ada.id,
        clientId: world.cast.ada.clientId,
      }),
    );
  /** A text as no form lets it through, as an older version may have left it. */
  const left = async (text: { body: string }): Promise<void> => {
    const { id } = await reset();
    await saveText(ctx, actor, id, 'en', EDITED);
    await ctx.db.updateTable('email_template_texts').set(text).where('template_id', '=', id).execute();
  };

  test('every shipped letter has a number that stays, and a text that can be filled in and kept as it is', async () => {
    const [first = [], again, third] = await Promise.all([1, 2, 3].map(() => everyTemplate(ctx)));
    assert.deepEqual(first, third);
    assert.deepEqual(
      first.map((one) => one.id),
      again?.map((one) => one.id),
    );
    assert.equal(first.length, ctx.letterTemplates.size);
    for (const template of first) {
      for (const { code } of languages) {
        const where = `${template.name} (${code})`;
        const source = sourceIn(template, code);
        const all = `${source.subject}${source.body}${source.small}`;
        assert.doesNotMatch(all, /\p{Nd}[\p{Nd}.,\u066c\s\u202f\u00a0]{4,}/u, `${where}: a stand-in is left`);
        assert.ok((await previewOf(ctx, template, code, source)).blocks.length > 0, where);
      }
    }
  });

  test('a shipped text that is kept as it is counts as written from it', async () => {
    const { id } = await reset();
    await saveText(ctx, actor, id, 'de', sourceIn(await reset(), 'de'));
    assert.equal((await reset()).texts[0]?.isBehind, false);
    await resetText(ctx, actor, id, 'de');
  });

  test('every field of every letter says what it holds', async () => {
    for (const template of await everyTemplate(ctx))
      for (const name of [...Object.keys(template.fields), ...COMMON_FIELDS, 'link'])
        assert.ok(isKey(`templates.holds.${name}`), `${template.name}: ${name}`);
  });

  test('words that depend on something are written with the question between them, and come out as shipped', async () => {
    const handedOver = await named('Account Ownership Handed Over');
    const source = sourceIn(handedOver, 'en');
    assert.match(source.body, /\{% if \w+ == "yes" %\}/);
    await saveText(ctx, actor, handedOver.id, 'en', source);
    for (const [byStaff, url] of [
      [true, 'https://door.example/undo'],
      [false, 'https://door.example/undo'],
      [true, undefined],
      [false, undefined],
    ] as const) {
      const shipped = ownershipLetter({
        which: 'handed-over',
        to: await userOf(ctx, world.cast.ada.id),
        other: 'Ben <Guest>',
        account: 'A & B',
        company: 'Acme',
        byStaff,
        url,
        clientId: world.cast.ada.clientId,
        expiresAt: ctx.now() + hours(1),
      });
      const { template: _, ...untouched } = shipped;
      const [edited, plain] = [await queueLetter(ctx, shipped), await queueLetter(ctx, untouched)];
      assert.equal((await liveLetterOf(ctx, edited)).text, (await liveLetterOf(ctx, plain)).text);
      assert.equal((await liveLetterOf(ctx, edited)).html, (await liveLetterOf(ctx, plain)).html);
    }
    assert.equal(await numberOfFaultyTexts(ctx), 0);
    await resetText(ctx, actor, handedOver.id, 'en');
  });

  test('a letter goes out in the words of staff, and the history keeps it without its link', async () => {
    await saveText(ctx, actor, (await reset()).id, 'en', EDITED);
    const { live, kept } = await asked();
    assert.equal(live.subject, 'New password, Ben Guest');
    assert.match(
      live.text,
      /Dear Ben Guest,\n\nhere it is:\n\nOpen <it>:\nhttp\S+\/password\/set\/\S+\n\nor http\S+\/password\/set\//,
    );
    assert.match(live.html, /<a href="http[^"]+\/password\/set\/[^"]+"[^>]*>Open &lt;it&gt;<\/a>/);
    assert.match(live.text, /From Doorward\.\n$/);
    const token = /\/password\/set\/(\S+)/.exec(live.text)?.[1] ?? '-';
    for (const text of [kept.text, kept.html, kept.subject]) assert.ok(!text.includes(token));
    assert.ok(kept.text.includes(`or ${MASKED}`));
    const row = await ctx.db.selectFrom('letters').selectAll().where('id', '=', kept.id).executeTakeFirstOrThrow();
    assert.ok(!JSON.stringify(row).includes(token));
    await shippedAgain();
    assert.match((await asked()).live.subject, /Set a new password/);
  });

  test('whatever a text does with the link, it is neither kept nor sent so, and the history has no part of it', async () => {
    const body =
      '{% button %}{{ link | upcase }} {% for sign in link %}{{ sign }}-{% endfor %} <a href="{{ link }}">x</a> {{ link | size }}';
    const { id } = await reset();
    await saveText(ctx, actor, id, 'en', EDITED);
    await assert.rejects(saveText(ctx, actor, id, 'en', { ...EDITED, body }), { kind: 'invalid' });
    await ctx.db.updateTable('email_template_texts').set({ body }).where('template_id', '=', id).execute();
    const { live, kept } = await asked();
    const token = /\/password\/set\/([^\s"]+)/.exec(live.html)?.[1] ?? '-';
    assert.ok(token.length === 43 && live.text.includes(token) && !live.text.includes(token.toUpperCase()));
    const plain = `${kept.text}${kept.html}${kept.subject}`.replaceAll('-', '').toLowerCase();
    assert.ok(!plain.includes(token.replaceAll('-', '').toLowerCase()));
    await shippedAgain();
  });

  test('what a person is called brings neither markup nor a field nor a header', async () => {
    await saveText(ctx, actor, (await named('Client Signup Email')).id, 'en', {
      subject: 'Hi {{ name }}',
      body: '<p>Hello <b>{{ name }}</b></p><p><a href="{{ name }}">{{ name }}</a></p>{% button name %}',
      small: '{{ name }}',
    });
    const evil = '<script>alert(1)</script>{{ link }}"><img src=x onerror=alert(1)>\r\nBcc: eve@example.test';
    await queueLetter(
      ctx,
      accountReadyLetter({
        to: { address: 'evil@example.test', name: evil, language: '' },
        company: 'Acme',
        loginUrl: 'https://door.example/login',
        resetUrl: 'https://door.example/password/reset',
        expiresAt: ctx.now() + hours(1),
        userId: world.cast.ada.id,
        clientId: world.cast.ada.clientId,
      }),
    );
    await postLetters(ctx);
    const sent = await smtp.waitForLetter('evil@example.test');
    assert.doesNotMatch(sent.html, /<script|<img|javascript:/i);
    assert.ok(sent.text.includes('{{ link }}'));
    assert.deepEqual([sent.to, sent.header('bcc')], [['evil@example.test'], undefined]);
    assert.doesNotMatch(sent.subject, /[\r\n]/);
    await resetText(ctx, actor, (await named('Client Signup Email')).id, 'en');
  });

  for (const [fault, text, field] of [
    ['without its link', { body: 'Dear {{ name }}' }, 'body'],
    [
      'with its link in a place that nobody comes to',
      { body: 'x{% if name == "nobody" %}{% button %}{% endif %}' },
      'body',
    ],
    ['with its link in a comment', { body: 'x{% comment %}{{ link }}{% endcomment %}<!-- {{ link }} -->' }, 'body'],
    ['with the link in its subject', { subject: '{{ link }}' }, 'subject'],
    ['with a field that is not there', { body: '{% button %}{{ password }}' }, 'body'],
    [
      'with such a field where the example does not lead',
      { body: '{% button %}{% if minutes == 1 %}{{ token }}{% endif %}' },
      'body',
    ],
    ['that is not closed', { body: '{% button %}{{ name' }, 'body'],
    ['that includes a file', { body: "{% button %}{% include '/etc/passwd' %}" }, 'body'],
    ['that never ends', { body: '{% button %}{% for i in (1..1000000000) %}x{% endfor %}' }, 'body'],
    ['with a fault in its small print', { small: '{% button %}' }, 'small'],
    ['without a subject', { subject: ' \r\n ' }, 'subject'],
    ['without a word', { body: '  \n ' }, 'body'],
    ['that is too long', { body: `{% button %}${'x'.repeat(50_001)}` }, 'body'],
  ] as const)
    test(`a text ${fault} is not kept`, async () => {
      const { id } = await reset();
      await assert.rejects(
        saveText(ctx, actor, id, 'en', { ...EDITED, ...text }),
        (error: { kind: string; fields: object }) => error.kind === 'invalid' && Object.keys(error.fields)[0] === field,
      );
      assert.deepEqual((await templateOf(ctx, id)).texts, []);
    });

  test('a line break in a subject makes no header, however it is written', async () => {
    const { id } = await named('Client Signup Email');
    await saveText(ctx, actor, id, 'en', {
      subject: "Hi\r\nBcc: eve@example.test {{ '\r\nX-Evil: 1' }}",
      body: 'x',
      small: '',
    });
    await ready('subject@example.test');
    await postLetters(ctx);
    const sent = await smtp.waitForLetter('subject@example.test');
    assert.equal(sent.header('bcc') ?? sent.header('x-evil'), undefined);
    assert.match(sent.subject, /^Hi +Bcc: eve@example\.test +X-Evil: 1$/);
    await resetText(ctx, actor, id, 'en');
  });

  for (const [fault, body] of [
    ['has a field that this version does not know', '{% button %}{{ gone }}'],
    ['cannot be read', '{% button %}{% if %}'],
    ['never ends', '{% button %}{% for i in (1..1000000000) %}x{% endfor %}'],
    ['lost its link', 'no link'],
  ] as const)
    test(`a text that ${fault} sends the shipped one, and staff learn of it`, async () => {
      await left({ body });
      const { live, kept } = await asked();
      assert.match(live.subject, /Set a new password/);
      assert.match(live.text, /\/password\/set\/\S+/);
      assert.ok(kept.text.includes(MASKED));
      const { texts } = await reset();
      assert.ok(texts[0]?.fault, 'it is noted');
      assert.equal(await numberOfFaultyTexts(ctx), 1);
      assert.equal(await reviewTexts(ctx), 1);
      await saveText(ctx, actor, (await reset()).id, 'en', EDITED);
      assert.equal(await numberOfFaultyTexts(ctx), 0, 'mended');
      await shippedAgain();
    });

  test('the review of a start finds what a new version can no longer fill in, and takes back what it can again', async () => {
    await left({ body: '{% button %}{{ gone }}' });
    assert.equal((await reset()).texts[0]?.fault, undefined);
    assert.equal(await reviewTexts(ctx), 1);
    assert.match((await reset()).texts[0]?.fault ?? '', /gone/);
    await ctx.db.updateTable('email_template_texts').set({ body: EDITED.body }).execute();
    assert.equal(await reviewTexts(ctx), 0);
    assert.equal((await reset()).texts[0]?.fault, undefined);
    await shippedAgain();
  });

  test('it is said when the shipped text has changed since', async () => {
    await left({ body: EDITED.body });
    await ctx.db.updateTable('email_template_texts').set({ version: 'older' }).execute();
    assert.equal((await reset()).texts[0]?.isBehind, true);
    await shippedAgain();
  });

  test('what resets a password, warns or proves can never be switched off, also not in the database', async () => {
    for (const name of [
      'Password Reset Validation',
      'Password Reset Confirmation',
      'Admin Password Reset Validation',
    ]) {
      const { id } = await named(name);
      await assert.rejects(changeDelivery(ctx, actor, id, { isOff: true, copies: '' }), { code: 'letter-must-go-out' });
      await ctx.db.updateTable('email_templates').set({ disabled_at: 1 }).where('id', '=', id).execute();
      assert.equal((await templateOf(ctx, id)).isOff, false);
    }
    assert.equal((await asked()).live.state, 'waiting');
    await ctx.db.updateTable('email_templates').set({ disabled_at: null }).execute();
  });

  test('a letter that is switched off is noted and goes nowhere', async () => {
    const { id } = await named('Client Signup Email');
    await changeDelivery(ctx, actor, id, { isOff: true, copies: 'copy@example.test' });
    const letter = await letterOf(ctx, await ready('off@example.test'));
    assert.equal(letter.state, 'withheld');
    await postLetters(ctx);
    assert.ok(!smtp.letters.some(({ to }) => to.includes('off@example.test') || to.includes('copy@example.test')));
    await changeDelivery(ctx, actor, id, { isOff: false, copies: '' });
    assert.equal((await letterOf(ctx, await ready('on@example.test'))).state, 'waiting');
  });

  test('copies go out unseen, without a link that opens anything, and belong to nobody', async () => {
    await changeSettings(ctx, actor, { 'mail-copies': 'all@example.test' });
    const { id } = await reset();
    await changeDelivery(ctx, actor, id, { isOff: false, copies: 'one@example.test\nall@example.test' });
    const { live } = await asked();
    const token = /\/password\/set\/(\S+)/.exec(live.text)?.[1] ?? '-';
    await postLetters(ctx);
    for (const address of ['all@example.test', 'one@example.test']) {
      const copies = smtp.letters.filter(({ to }) => to.includes(address));
      assert.equal(copies.length, 1, address);
      assert.match(copies[0]?.header('to') ?? '', /ben@example\.test/);
      assert.ok(!copies[0]?.raw.includes(token) && copies[0]?.text.includes(MASKED));
    }
    const sent = smtp.letters.find(({ to, text }) => to.includes('ben@example.test') && text.includes(token));
    assert.doesNotMatch(sent?.raw ?? '', /one@example|all@example/);
    const rows = await ctx.db.selectFrom('letters').selectAll().where('kind', '=', 'copy').execute();
    assert.ok(
      rows.every(
        (row) => row.user_id === null && row.client_id === null && row.kept_text === '' && row.sealed === null,
      ),
    );
    await changeDelivery(ctx, actor, id, { isOff: false, copies: '' });
    await changeSettings(ctx, actor, { 'mail-copies': '' });
    await assert.rejects(changeDelivery(ctx, actor, id, { isOff: false, copies: 'no address' }), { kind: 'invalid' });
    await assert.rejects(changeSettings(ctx, actor, { 'mail-copies': 'a@example.test\nBcc:x' }), { kind: 'invalid' });
  });

  test('letters to customers bear what the operator puts above and below, those to staff do not; nothing in it runs', async () => {
    await changeSettings(ctx, actor, {
      'mail-header': '<b>Northwind</b><script>alert(1)</script>',
      'mail-footer': 'Harbour 1\nSampletown',
    });
    const { live } = await asked();
    assert.match(live.html, /<strong>Northwind<\/strong>[\s\S]*Hello Ben[\s\S]*Harbour 1<br>Sampletown/);
    assert.match(live.text, /^Northwind\n\n[\s\S]*Harbour 1\nSampletown\n\n--/);
    assert.doesNotMatch(live.html, /script/);
    const staff = await queueLetter(ctx, {
      kind: 'x',
      language: 'en',
      direction: 'ltr',
      to: { address: 's@example.test', name: '' },
      subject: 's',
      paragraphs: ['p'],
      small: [],
      expiresAt: ctx.now() + 1000,
      administratorId: world.cast.root.id,
    });
    assert.doesNotMatch((await liveLetterOf(ctx, staff)).html, /Northwind|Harbour/);
    await changeSettings(ctx, actor, { 'mail-header': '', 'mail-footer': '' });
  });

  test('while letters are held back none leaves, and then they do', async () => {
    await changeSettings(ctx, actor, { 'mail-held-back': 'on' });
    const id = await ready('held@example.test');
    assert.equal(await postLetters(ctx), 0);
    assert.equal((await letterOf(ctx, id)).state, 'waiting');
    await changeSettings(ctx, actor, { 'mail-held-back': '' });
    await postLetters(ctx);
    assert.equal((await letterOf(ctx, id)).state, 'sent');
  });

  test('what is no address is never spoken to a mail server', async () => {
    const id = await ready('x@example.test\r\nRCPT TO:<eve@example.test>');
    await postLetters(ctx);
    const letter = await letterOf(ctx, id);
    assert.equal(letter.state, 'failed');
    assert.doesNotMatch(letter.to, /[\r\n]/);
    assert.ok(!smtp.letters.some(({ to }) => to.some((one) => one.includes('eve'))));
  });

  test('a letter of one’s own is made, found by its name in any case, and deleted; a shipped one is not', async () => {
    const id = await addTemplate(ctx, actor, {
      name: 'Big News',
      type: 'general',
      subject: 'News for {$client_first_name}',
      body: 'Dear {{ client_name }}, {{ from_a_program }}',
      small: '',
    });
    const made = await named('big news');
    assert.deepEqual(
      [made.id, made.isCustom, sourceIn(made, 'en').subject],
      [id, true, 'News for {{ client_first_name }}'],
    );
    assert.deepEqual(await strangeFields(made, sourceIn(made, 'en')), ['from_a_program']);
    await assert.rejects(
      addTemplate(ctx, actor, { name: 'BIG news', type: 'general', subject: 's', body: 'b', small: '' }),
      { code: 'letter-template-name-taken' },
    );
    await assert.rejects(
      addTemplate(ctx, actor, {
        name: 'Password Reset Validation',
        type: 'general',
        subject: 's',
        body: 'b',
        small: '',
      }),
      { code: 'letter-template-name-taken' },
    );
    await assert.rejects(addTemplate(ctx, actor, { name: 'x', type: 'evil', subject: 's', body: 'b', small: '' }), {
      kind: 'invalid',
    });
    await assert.rejects(resetText(ctx, actor, id, 'en'), { code: 'letter-text-needed' });
    await removeTemplate(ctx, actor, id);
    assert.equal(await findTemplateByName(ctx, 'Big News'), undefined);
    await assert.rejects(templateOf(ctx, id), { kind: 'not-found' });
    await assert.rejects(removeTemplate(ctx, actor, (await reset()).id), { code: 'letter-template-is-shipped' });
    const lines = await auditLines(ctx, {}, { limit: 4 });
    assert.ok(lines.some(({ event }) => event === 'letter_template.deleted'));
  });

  test('a language that nobody speaks has no text', async () => {
    await assert.rejects(saveText(ctx, actor, (await reset()).id, 'xx', EDITED), { code: 'language-not-found' });
    await assert.rejects(saveText(ctx, actor, 999_999, 'en', EDITED), { kind: 'not-found' });
  });

  test("WHMCS's way of writing a field is read, and no more of its language", () => {
    assert.equal(
      fromSmarty('{$client_name} {$a.b} {if $x}{php}{$x|raw}'),
      '{{ client_name }} {$a.b} {if $x}{php}{$x|raw}',
    );
  });
});
