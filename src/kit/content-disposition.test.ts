// Names of downloads: one header whatever the name, and the name comes back whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attachmentNamed } from '#kit/content-disposition.ts';

test('a plain name stands as it is, others twice', () => {
  assert.equal(attachmentNamed('bill.pdf'), `attachment; filename="bill.pdf"; filename*=UTF-8''bill.pdf`);
  assert.equal(
    attachmentNamed('Müller’s "Vertrag" 100%.pdf'),
    `attachment; filename="Muller_s _Vertrag_ 100_.pdf"; filename*=UTF-8''M%C3%BCller%E2%80%99s%20%22Vertrag%22%20100%25.pdf`,
  );
});

test('no name breaks out of its quotes or of the header, and each is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
      const header = attachmentNamed(name);
      const match = /^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''([\w!#$&+.^`|~%-]*)$/.exec(header);
      assert.ok(match, header);
      assert.doesNotMatch(match[1] ?? '"', /["\\]/);
      assert.equal(decodeURIComponent(match[2] ?? ''), name.toWellFormed());
    }),
  );
});
