// Finding code by its place.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { discover } from '#kit/discover.ts';

let folder: string;
const url = (path = ''): URL => pathToFileURL(`${join(folder, path)}/`);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'discover-'));
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  await mkdir(join(folder, 'broken'));
  const files = {
    'b.job.ts': 'export default 2;',
    'a.job.ts': 'export default 1;',
    'deep/er/c.job.ts': 'export default 3; export const other = true;',
    'a.job.test.ts': 'throw new Error("a test was run");',
    'a.settings.ts': 'throw new Error("another ending was imported");',
    'broken/d.check.ts': 'throw new Error("this one is broken");',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  await mkdir(join(folder, 'folder.job.ts'));
});
after(() => rm(folder, { recursive: true }));

test('every file of the ending is found, at any depth, in a stable order, but no test and no folder', async () => {
  const found = await discover(url(), '.job.ts');
  assert.deepEqual(
    found.map(({ path, module }) => [path, module['default']]),
    [
      ['a.job.ts', 1],
      ['b.job.ts', 2],
      ['deep/er/c.job.ts', 3],
    ],
  );
});

test('a folder that is not there holds nothing', async () => {
  assert.deepEqual(await discover(url('nowhere'), '.ts'), []);
});

test('a folder that cannot be read stops the start: what it held would be left out unseen', async () => {
  await symlink('circle', join(folder, 'circle')); // leads to itself: an error that also an all-powerful user meets
  await assert.rejects(discover(url('circle'), '.ts'), { code: 'ELOOP' });
});

test('a file that throws stops the start', async () => {
  await assert.rejects(discover(url('broken'), '.check.ts'), /this one is broken/);
});
