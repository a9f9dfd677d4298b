// The generated documentation says what is true now.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatedPages, writtenPage } from '#tests/generated-docs.ts';

for (const page of await generatedPages()) {
  test(`${page.path} lists exactly what is there; otherwise run \`npm run docs\``, async () => {
    assert.equal(await writtenPage(page.path), page.text);
  });
}
