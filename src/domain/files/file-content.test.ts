// What a file is by its content and its name: whatever pretends to be something else is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { contentOf } from '#domain/files/file-content.ts';
import { fileNameFrom } from '#domain/files/file-names.ts';
import { typeOfEnding } from '#domain/files/file-types.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const JPEG = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(64, 0x55),
  Buffer.from('ffd9', 'hex'),
]);
const WEBP = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64');
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** A stored or deflated archive with these entries. */
function zip(entries: readonly (readonly [string, Buffer])[], deflate = false): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [name, data] of entries) {
    const body = deflate ? deflateRawSync(data) : data;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(deflate ? 8 : 0, 8);
    head.writeUInt32LE(body.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const line = Buffer.alloc(46);
    line.writeUInt32LE(0x02014b50, 0);
    line.writeUInt16LE(deflate ? 8 : 0, 10);
    line.writeUInt32LE(body.length, 20);
    line.writeUInt32LE(data.length, 24);
    line.writeUInt16LE(Buffer.byteLength(name), 28);
    line.writeUInt32LE(at, 42);
    index.push(line, Buffer.from(name));
    const whole = Buffer.concat([head, Buffer.from(name), body]);
    parts.push(whole);
    at += whole.length;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const DOCX = zip([
  [
    '[Content_Types].xml',
    Buffer.from(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
  ],
  ['word/document.xml', Buffer.from('<w:document/>')],
]);
const ODT = zip([
  ['mimetype', Buffer.from('application/vnd.oasis.opendocument.text')],
  ['content.xml', Buffer.from('<x/>')],
]);

const found = async (ending: string, bytes: Buffer): Promise<string> => {
  const type = typeOfEnding(ending);
  assert.ok(type, `${ending} is a kind of file`);
  const content = await contentOf(type, bytes);
  return 'fault' in content ? content.fault : content.media;
};

describe('the content of a file', () => {
  test('what it says to be is what it is', async () => {
    assert.equal(await found('png', PNG), 'image/png');
    assert.equal(await found('gif', GIF), 'image/gif');
    assert.equal(await found('jpeg', JPEG), 'image/jpeg');
    assert.equal(await found('webp', WEBP), 'image/webp');
    assert.equal(await found('pdf', PDF), 'application/pdf');
    assert.equal(await found('txt', Buffer.from('Grüße,\r\n\tAda < Ben & 3 > 2\n')), 'text/plain');
    assert.equal(await found('csv', Buffer.from('\ufeffname;sum\nAda;3\n')), 'text/plain');
    assert.equal(await found('csv', Buffer.from('Straße;Müller\r\n', 'latin1')), 'text/plain', 'as Excel writes it');
    const film = Buffer.from('0000001866747970', 'hex');
    assert.equal(await found('jpg', Buffer.concat([JPEG, film])), 'image/jpeg', 'a picture with a film, of a phone');
    assert.equal(await found('zip', zip([['a.txt', Buffer.from('x')]])), 'application/zip');
    assert.match(await found('docx', DOCX), /wordprocessingml\.document$/);
    assert.match(await found('odt', ODT), /opendocument\.text$/);
  });

  test('a page, a drawing with script, a program or a script by another name is refused', async () => {
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const xml = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
    const elf = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(200)]);
    const shell = Buffer.from('#!/bin/sh\nrm -rf /\n');
    const php = Buffer.from('<?php system($_GET[0]);');
    for (const [name, bytes] of Object.entries({ html, svg, xml, exe, elf, shell, php }))
      for (const ending of ['png', 'jpg', 'pdf', 'txt', 'csv', 'zip', 'docx'])
        assert.equal(await found(ending, bytes), 'file-not-its-type', `${name} as ${ending}`);
    assert.equal(await found('txt', Buffer.from(`${' '.repeat(100)}\n<html><body>`)), 'file-not-its-type');
    assert.equal(await found('txt', Buffer.from('a\0b')), 'file-not-its-type');
    assert.equal(await found('txt', Buffer.from([0xff, 0xfe, 0x3c, 0x00])), 'file-not-its-type');
  });

  test('one kind by the name of another is refused', async () => {
    const all = {
      png: PNG,
      gif: GIF,
      jpg: JPEG,
      webp: WEBP,
      pdf: PDF,
      docx: DOCX,
      odt: ODT,
      txt: Buffer.from('plain'),
    };
    for (const [name, bytes] of Object.entries(all))
      for (const ending of Object.keys(all).filter((one) => one !== name))
        assert.equal(await found(ending, bytes), 'file-not-its-type', `${name} as ${ending}`);
    assert.equal(await found('zip', DOCX), 'file-not-its-type', 'a document is no plain archive');
    const macro = zip([
      [
        '[Content_Types].xml',
        Buffer.from(
          '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        ),
      ],
    ]);
    assert.equal(await found('docx', macro), 'file-not-its-type');
  });

  test('a picture with something behind it or inside it is refused', async () => {
    const script = Buffer.from('<script>alert(1)</script>');
    const archive = zip([['run.class', Buffer.from('x')]]);
    for (const [ending, bytes] of [
      ['png', PNG],
      ['gif', GIF],
      ['jpg', JPEG],
      ['webp', WEBP],
    ] as const) {
      assert.equal(await found(ending, Buffer.concat([bytes, script])), 'file-holds-more', `${ending} and a script`);
      assert.equal(await found(ending, Buffer.concat([bytes, archive])), 'file-holds-more', `${ending} and an archive`);
    }
    const text = Buffer.concat([Buffer.from('tEXt'), Buffer.from('Comment\0<?php evil'), Buffer.alloc(4)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length - 8);
    const inside = Buffer.concat([PNG.subarray(0, 33), length, text, PNG.subarray(33)]);
    assert.equal(await found('png', inside), 'file-holds-more');
    assert.equal(
      await found('gif', Buffer.concat([Buffer.from('GIF89a/*'), script, Buffer.from(';')])),
      'file-holds-more',
    );
    assert.equal(await found('pdf', Buffer.concat([PDF, archive])), 'file-holds-more');
    assert.equal(await found('pdf', Buffer.concat([Buffer.from('%PDF-1.4\n<html>'), PDF])), 'file-holds-more');
  });

  test('an archive that would unpack to a gigabyte is never unpacked, and names in it lead nowhere', async () => {
    const huge = deflateRawSync(Buffer.alloc(64 * 1024 * 1024));
    assert.ok(huge.length < 100_000);
    const bomb = zip([['[Content_Types].xml', Buffer.alloc(64 * 1024 * 1024)]], true);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    assert.match(await found('docx', bomb), /^file-/);
    assert.match(await found('zip', bomb), /^(file-|application\/zip)/);
    assert.ok(performance.now() - started < 2000);
    assert.ok(process.memoryUsage().rss - before < 256 * 1024 * 1024);
    assert.equal(await found('txt', gzipSync(Buffer.alloc(1_000_000))), 'file-not-its-type');
    assert.equal(await found('png', deflateSync(Buffer.alloc(1_000_000))), 'file-not-its-type');
    const climbing = zip([['../../../../etc/cron.d/x', Buffer.from('x')]]);
    assert.equal(await found('zip', climbing), 'application/zip', 'kept as bytes: nobody here unpacks it');
  });

  test('no bytes make it fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(PNG, GIF, JPEG, WEBP, PDF, DOCX, Buffer.alloc(0)),
        fc.constantFrom('png', 'gif', 'jpg', 'webp', 'pdf', 'docx', 'txt', 'zip'),
        async (noise, start, ending) => {
          assert.match(await found(ending, Buffer.concat([start, noise])), /^(file-|\w+\/)/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the name of a file', () => {
  const named = (given: string): string | undefined => fileNameFrom(given)?.name;

  test('is a word and no path, without signs that mean something somewhere', () => {
    for (const [given, name] of [
      ['bill.pdf', 'bill.pdf'],
      ['Report v1.2 final.PDF', 'Report v1.2 final.pdf'],
      ['../../etc/passwd.txt', 'passwd.txt'],
      ['C:\\Users\\ada\\bill.pdf', 'bill.pdf'],
      ['bill.exe.pdf', 'bill_exe.pdf'],
      ['page.html.png', 'page_html.png'],
      ['a\u202Egnp.exe.png', 'agnp_exe.png'],
      ['line\r\nbreak: x.pdf', 'line break_ x.pdf'],
      ['con.txt', '_con.txt'],
      ['"quoted" <b>.csv', '_quoted_ _b_.csv'],
      ['Vertrag Müller.docx', 'Vertrag Müller.docx'],
      [' . ..hidden .pdf', 'hidden.pdf'],
    ] as const)
      assert.equal(named(given), name, JSON.stringify(given));
  });

  test('must have an ending', () => {
    for (const given of [
      '',
      '.',
      '..',
      '/',
      'noending',
      '.htaccess',
      'x.',
      'x.p d f',
      'x.ｐｄｆ',
      '\0.pdf/..',
      'a.pdf::$DATA',
    ])
      assert.equal(named(given), undefined, JSON.stringify(given));
  });

  test('of anything has no separator, no control sign, and one ending', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom('.pdf', '.png', ''),
        (stem, ending) => {
          const name = named(stem + ending);
          if (name === undefined) return;
          assert.doesNotMatch(name, /[/\\:*?"<>|\p{C}]/u);
          assert.ok(name.length <= 260 && !name.startsWith('.'));
          assert.doesNotMatch(name.slice(0, name.lastIndexOf('.')), /\.[a-z]/i);
        },
      ),
    );
  });
});
