// Files of clients: kept whole, seen by whom they should be, and gone with the client.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteClient } from '#domain/access/deletion.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addFile, bytesOf, changeFile, fileOf, pageOfFiles, removeFile, shownFileOf } from '#domain/files/files.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const text = (length: number): Buffer =>
  Buffer.from('all work and no play. '.repeat(length / 22 + 1)).subarray(0, length);

onBothDatabases('files', (database) => {
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

  const add = (clientId: number, bytes: Uint8Array, over = {}) =>
    addFile(ctx, actor, clientId, { upload: { filename: 'notes.txt', bytes }, title: '', adminOnly: true, ...over });
  const bytes = async (id: number): Promise<Buffer> => {
    const portions: Uint8Array[] = [];
    for await (const portion of bytesOf(ctx, { id })) portions.push(portion);
    return Buffer.concat(portions);
  };
  const rowsOf = async (table: 'client_files' | 'client_file_parts'): Promise<number> =>
    (await ctx.db.selectFrom(table).selectAll().execute()).length;

  test('what was put in comes out, at every size around a portion', async () => {
    for (const size of [1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3 * 1024 * 1024]) {
      const given = text(size);
      const id = await add(ada, given);
      const file = await fileOf(ctx, ada, id);
      assert.deepEqual(
        [file.size, file.name, file.title, file.servedAs],
        [size, 'notes.txt', 'notes.txt', 'application/octet-stream'],
      );
      assert.ok((await bytes(id)).equals(given), String(size));
      await removeFile(ctx, actor, { clientId: ada, id });
      assert.equal(await rowsOf('client_file_parts'), 0);
    }
  });

  test('empty, too large, unnamed, of a kind that is not taken: refused at the field, and nothing is kept', async () => {
    await changeSettings(ctx, actor, { 'file-size-limit': '1', 'file-types': 'txt,pdf' });
    const upload = (filename: string, given: Buffer) => ({ upload: { filename, bytes: given } });
    await assert.rejects(add(ada, Buffer.alloc(0), {}), { fields: { file: 'file-empty' } });
    await assert.rejects(add(ada, Buffer.alloc(0), { upload: undefined }), { fields: { file: 'file-missing' } });
    await assert.rejects(add(ada, Buffer.alloc(0), upload('', Buffer.alloc(0))), { fields: { file: 'file-missing' } });
    await assert.rejects(add(ada, text(1024 * 1024 + 1)), { fields: { file: 'file-too-large' } });
    await assert.rejects(add(ada, text(1), upload('.htaccess', text(9))), { fields: { file: 'file-name-unusable' } });
    for (const name of ['x.csv', 'x.svg', 'x.html', 'x.exe', 'x.constructor', 'x.pdf.exe', 'x.zip'])
      await assert.rejects(add(ada, text(1), upload(name, text(9))), { code: /^file-(type-not-taken|name-unusable)$/ });
    await assert.rejects(add(ada, text(1), upload('x.pdf', text(9))), { fields: { file: 'file-not-its-type' } });
    await assert.rejects(add(999_999, text(1)), { code: 'client-not-found' });
    assert.deepEqual([await rowsOf('client_files'), await rowsOf('client_file_parts')], [0, 0]);
    await changeSettings(ctx, actor, { 'file-size-limit': '10', 'file-types': 'txt,pdf,png' });
  });

  test('one for staff alone is not there for the customer, until it is shared', async () => {
    const id = await add(ada, text(100), { title: 'Contract' });
    await assert.rejects(shownFileOf(ctx, ada, id), { code: 'file-not-found' });
    assert.deepEqual((await pageOfFiles(ctx, ada, true, {}, 10)).rows, []);
    await changeFile(ctx, actor, { clientId: ada, id }, { title: 'Contract 2026', adminOnly: false });
    assert.equal((await shownFileOf(ctx, ada, id)).title, 'Contract 2026');
    assert.equal((await pageOfFiles(ctx, ada, true, {}, 10)).rows.length, 1);
    await assert.rejects(changeFile(ctx, actor, { clientId: ada, id }, { title: ' ', adminOnly: false }), {
      fields: { title: 'title-missing' },
    });
  });

  test('a file of another client is not there, whatever its number', async () => {
    const id = await add(eve, text(100), { adminOnly: false });
    const of = { clientId: ada, id };
    for (const work of [
      () => fileOf(ctx, ada, id),
      () => shownFileOf(ctx, ada, id),
      () => changeFile(ctx, actor, of, { title: 'Mine', adminOnly: true }),
      () => removeFile(ctx, actor, of),
    ])
      await assert.rejects(work, { code: 'file-not-found' });
    assert.equal((await fileOf(ctx, eve, id)).title, 'notes.txt');
  });

  test('with the client its files go, bytes and all', async () => {
    await deleteClient(ctx, actor, eve, false);
    const files = await ctx.db.selectFrom('client_files').select('client_id').execute();
    assert.deepEqual([...new Set(files.map((one) => one.client_id))], [ada]);
    assert.equal(await rowsOf('client_file_parts'), 1);
  });
});
