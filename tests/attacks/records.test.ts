// Contacts, notes, files, credit, alerts and consent against who means harm: numbers of another account, uploads that pretend
// to be something else, forms that are not ours, script in what staff and customers read.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { contactOf } from '#domain/contacts/contacts.ts';
import { creditsOf } from '#domain/credit/credit.ts';
import { addFile } from '#domain/files/files.ts';
import { noteOf } from '#domain/notes/notes.ts';
import { findPages } from '#src/app.ts';
import type { Records } from '#tests/records.ts';
import { addRecords } from '#tests/records.ts';
import { signedIn, stateOf, tokenOf, wordsOf, wrongFields } from '#tests/staff.ts';
import { multipartBody, postMultipart, upload } from '#tests/upload.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SAME = { 'sec-fetch-site': 'same-origin' };
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

onBothDatabases('records under attack', (database) => {
  let world: World;
  let root: TestBrowser;
  let ada: TestBrowser;
  let mine: Records;
  let theirs: Records;
  let own: number;
  let other: number;
  before(async () => {
    world = await testWorld(database);
    own = world.cast.ada.clientId;
    other = world.cast.eve.clientId;
    mine = await addRecords(world, own, 'Mine');
    theirs = await addRecords(world, other, 'Theirs');
    root = await signedIn(world, 'root');
    ada = world.browser();
    await ada.signIn('ada@example.test');
  });
  after(() => world.close());

  const kept = async (): Promise<number> =>
    (await world.ctx.db.selectFrom('client_files').select('id').execute()).length;

  describe('numbers of another account', () => {
    /** Every page that names a record, with the number of the other client's in place of one's own. */
    const swapped = async (room: 'admin' | 'client'): Promise<string[]> => {
      const pages = (await findPages()).filter((one) => one.room === room);
      const named = pages.filter(({ address }) => /\/:(contact|note|file|alert)\b/.test(address));
      assert.ok(named.length >= (room === 'admin' ? 8 : 4), room);
      return named.map(({ address }) =>
        address
          .replace(/:(id|client)\b/, String(own))
          .replace(/:(contact|note|file|alert)\b/, (_, name: keyof Records) => String(theirs[name])),
      );
    };

    test('a record of another client is not there, by GET and by POST, for customers and for staff', async () => {
      const state = await stateOf(world);
      for (const [room, browser] of [
        ['client', ada],
        ['admin', root],
      ] as const) {
        const csrf = await tokenOf(browser, room === 'admin' ? '/admin' : '/user/profile');
        for (const path of await swapped(room)) {
          const nobody = path.replace(/\/\d+(?=(\/[a-z]+)?$)/, '/999999');
          for (const answers of [
            [await browser.get(path), await browser.get(nobody)],
            [
              await browser.postRaw(path, { csrf, ...EVERYTHING }, SAME),
              await browser.postRaw(nobody, { csrf, ...EVERYTHING }, SAME),
            ],
          ]) {
            assert.equal(answers[0]?.statusCode, 404, path);
            assert.deepEqual(
              answers.map((one) => one && wordsOf(one))[0],
              answers.map((one) => one && wordsOf(one))[1],
            );
            assert.doesNotMatch(answers[0]?.body ?? '', /Theirs/);
          }
        }
      }
      assert.deepEqual(await stateOf(world), state);
    });

    test('what a form of mine names beside its fields is not looked at', async () => {
      await ada.post(`/account/${own}/contacts/${mine.contact}`, {
        ...EVERYTHING,
        id: String(theirs.contact),
        clientId: String(other),
        client_id: String(other),
        creditMinor: '999999',
      });
      assert.equal((await contactOf(world.ctx, other, theirs.contact)).firstName, 'Theirs');
      assert.equal((await contactOf(world.ctx, own, mine.contact)).clientId, own);
      assert.equal((await clientOf(world.ctx, own)).creditMinor, 1250);
    });

    test('customers reach no page of notes, credit, alerts, and no file for staff', async () => {
      const secret = await addFile(world.ctx, systemActor('Test'), own, {
        upload: { filename: 'secret.txt', bytes: Buffer.from('for us') },
        title: 'For us',
        adminOnly: true,
      });
      for (const path of ['notes', 'credit', 'alerts', `files/${secret}`, `files/${secret}/download`, 'files/new'])
        assert.equal((await ada.get(`/account/${own}/${path}`)).statusCode, 404, path);
      const ben = world.browser();
      await ben.signIn('ben@example.test');
      for (const path of ['contacts', 'contacts/new', 'email-preferences', 'files', `files/${mine.file}`])
        assert.equal((await ben.get(`/account/${own}/${path}`)).statusCode, 403, path);
      for (const page of [await ada.get(`/account/${own}`), await ada.get(`/account/${own}/files`)])
        assert.doesNotMatch(page.body, /For us|Mine\nMine/);
    });
  });

  describe('uploads', () => {
    const path = (): string => `/admin/clients/${own}/files/new`;

    test('what pretends to be something else is refused at the field, and not a byte is kept', async () => {
      const html = Buffer.from('<!doctype html><script>alert(document.cookie)</script>');
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
      const before = await kept();
      for (const [filename, bytes] of [
        ['page.png', html],
        ['page.html', html],
        ['page.txt', html],
        ['drawing.svg', svg],
        ['drawing.png', svg],
        ['polyglot.png', Buffer.concat([PNG, html])],
        ['program.pdf', Buffer.from('MZ\x90\0')],
        ['script.php', Buffer.from('<?php ?>')],
        ['photo.png.exe', PNG],
        ['../../.bashrc', Buffer.from('x')],
        ['empty.txt', Buffer.alloc(0)],
        ['bomb.png', deflateSync(Buffer.alloc(8_000_000))],
      ] as const) {
        const answer = await upload(world, root, path(), { filename, bytes });
        assert.deepEqual([answer.statusCode, wrongFields(answer)], [422, ['file']], filename);
      }
      assert.equal(await kept(), before);
      assert.deepEqual(wrongFields(await root.post(path(), { title: 'No file at all' })), ['file']);
    });

    test('a name is a word: no way up, no second ending, no line of its own in the header', async () => {
      for (const [filename, name] of [
        ['../../../etc/cron.d/job.png', 'job.png'],
        ['..\\..\\windows\\evil.html.png', 'evil_html.png'],
        ['a.png%0d%0aSet-Cookie: x=1.png', 'a_png_0d_0aSet-Cookie_ x=1.png'],
        ['\u202egnp.exe\u202c.png', 'gnp_exe.png'],
      ] as const) {
        const before = await kept();
        await upload(world, root, path(), { filename, bytes: PNG }, { shared: '1' });
        assert.equal(await kept(), before + 1, filename);
        const row = await world.ctx.db.selectFrom('client_files').selectAll().orderBy('id', 'desc').executeTakeFirst();
        assert.equal(row?.name, name, filename);
        const saved = await ada.get(`/account/${own}/files/${row?.id}`);
        assert.equal(saved.statusCode, 200);
        assert.equal(saved.headers['set-cookie'], undefined);
        assert.ok(String(saved.headers['content-disposition']).startsWith('attachment; filename="'));
      }
    });

    test('what is handed out is saved and never drawn', async () => {
      const saved = await ada.get(`/account/${own}/files/${mine.file}`);
      assert.equal(saved.headers['content-type'], 'application/octet-stream');
      assert.equal(saved.headers['x-content-type-options'], 'nosniff');
      assert.match(String(saved.headers['content-security-policy']), /^default-src 'none'; sandbox;/);
      assert.equal(saved.headers['cache-control'], 'no-store');
      assert.equal(saved.headers['cross-origin-resource-policy'], 'same-origin');
      assert.match(String(saved.headers['content-disposition']), /^attachment;/);
      const stranger = world.browser();
      assert.match(String((await stranger.get(`/account/${own}/files/${mine.file}`)).headers.location), /^\/login/);
    });

    test('a form without our proof in front of the file is not read, and from another site neither', async () => {
      const csrf = await tokenOf(root);
      const file = ['file', 'x.png', PNG] as const;
      const before = await kept();
      for (const [parts, headers] of [
        [[file], {}],
        [[['csrf', 'x'], file], {}],
        [[file, ['csrf', csrf]], {}], // behind the file it comes too late
        [[['csrf', csrf], file], { 'sec-fetch-site': 'cross-site' }],
        [[['csrf', csrf], file], { 'sec-fetch-site': '', origin: 'https://evil.example' }],
      ] as const) {
        const answer = await postMultipart(world, root, path(), multipartBody(parts), headers);
        assert.equal(answer.statusCode, 403, JSON.stringify(headers));
      }
      assert.equal(await kept(), before);
    });

    test('who may not upload is refused before anything is read', async () => {
      const sam = await signedIn(world, 'sam');
      const before = await kept();
      const answer = await upload(world, sam, path(), { filename: 'x.png', bytes: PNG });
      assert.equal(answer.statusCode, 403);
      const stranger = world.browser();
      const sent = multipartBody([['file', 'x.png', PNG]]);
      assert.equal((await postMultipart(world, stranger, path(), sent)).statusCode, 303);
      assert.equal(await kept(), before);
    });

    test('too large, too many parts, broken off, or no form at all: refused, and the server goes on', async () => {
      const csrf = await tokenOf(root);
      const before = await kept();
      const proof = ['csrf', csrf] as const;
      const whole = multipartBody([proof, ['file', 'x.png', PNG]]);
      const huge = Buffer.alloc(10 * 1024 * 1024 + 1, 0x20);
      for (const [name, body, headers] of [
        ['huge', multipartBody([proof, ['file', 'x.txt', huge]]), {}],
        ['huge by its own word', whole, { 'content-length': '99999999' }],
        ['two files', multipartBody([proof, ['file', 'x.png', PNG], ['file', 'y.png', PNG]]), {}],
        ['many fields', multipartBody([proof, ...Array.from({ length: 80 }, () => ['a', 'b'] as const)]), {}],
        ['a long field', multipartBody([proof, ['title', 'x'.repeat(70_000)], ['file', 'x.png', PNG]]), {}],
        ['broken off', whole.subarray(0, whole.length - 40), {}],
        ['no boundary', whole, { 'content-type': 'multipart/form-data' }],
        ['nothing', Buffer.alloc(0), {}],
        ['no multipart', Buffer.from('hello'), {}],
      ] as const) {
        const answer = await postMultipart(world, root, path(), body, headers);
        assert.ok([400, 403, 413, 422].includes(answer.statusCode), `${name}: ${answer.statusCode}`);
      }
      assert.equal(await kept(), before);
      assert.equal((await upload(world, root, path(), { filename: 'after.png', bytes: PNG })).statusCode, 303);
    });
  });

  describe('script in what people read', () => {
    test('what a customer is called, and what staff wrote, is text on every page that shows it', async () => {
      const hostile = `<script>stolen=1</script>"'><img src=x onerror=stolen=1>`;
      const records = await addRecords(world, own, hostile);
      const base = `/account/${own}`;
      for (const path of [base, `${base}/contacts`, `${base}/contacts/${records.contact}`, `${base}/files`]) {
        const { body, statusCode } = await ada.get(path);
        assert.equal(statusCode, 200, path);
        assert.ok(body.includes('&lt;script&gt;') || body.includes('_script_'), path);
        assert.doesNotMatch(body, /<script>|<img src=x|onerror=stolen=1>/, path);
      }
    });
  });

  describe('credit', () => {
    test('of fifty posts of one form at once one counts', async () => {
      const path = `/admin/clients/${own}/credit/addition`;
      const page = await root.get(path);
      const once = /name="once" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
      const csrf = await tokenOf(root);
      const before = (await creditsOf(world.ctx, own)).length;
      const posts = Array.from({ length: 50 }, () =>
        root.postRaw(path, { csrf, once, amount: '10', description: 'Once' }, SAME),
      );
      assert.ok((await Promise.all(posts)).every((one) => one.statusCode === 303));
      assert.equal((await creditsOf(world.ctx, own)).length, before + 1);
    });

    test('a note that two delete at once is gone once, and no one else’s goes', async () => {
      const csrf = await tokenOf(root);
      const path = `/admin/clients/${own}/notes/${mine.note}/removal`;
      const answers = await Promise.all(Array.from({ length: 10 }, () => root.postRaw(path, { csrf }, SAME)));
      assert.equal(answers.filter((one) => one.statusCode === 303).length, 1);
      assert.ok(await noteOf(world.ctx, other, theirs.note));
    });
  });
});

/** Every field that any of these forms has, well filled in. */
const EVERYTHING = {
  firstName: 'Changed',
  lastName: 'Changed',
  email: 'changed@example.test',
  body: 'Changed',
  title: 'Changed',
  shared: '1',
  text: 'Changed',
  tone: 'info',
  to: 'contact',
  amount: '10',
  description: 'Changed',
  reason: 'Changed',
  version: '1780315200000',
} as const;
