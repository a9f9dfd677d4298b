// Tables, pagers, tabs and times, as their reader meets them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { htmlText } from '#kit/html.ts';
import { empty } from './empty.ts';
import { pager } from './pager.ts';
import { initials } from './person.ts';
import { type Column, table } from './table.ts';
import { currentOf } from './tabs.ts';
import { linksOf, testFrame } from './test-frame.ts';
import { ago } from './time.ts';

type Row = { id: number; name: string };
const columns: readonly Column<Row>[] = [
  { heading: 'ID', align: 'end', cell: (row) => String(row.id), sort: { href: '?sort=id', direction: 'descending' } },
  { heading: 'Name', kind: 'name', cell: (row) => row.name, href: (row) => `/clients/${row.id}` },
];
const nobody = empty({ title: 'No clients yet' });

test('a row is headed by its name, which leads to it', () => {
  const drawn = table(testFrame(), { caption: 'Clients', columns, rows: [{ id: 4, name: '<Ada>' }], empty: nobody });
  assert.deepEqual(linksOf(drawn), ['?sort=id', '/clients/4']);
  assert.match(htmlText(drawn), /<th[^>]*role="rowheader" scope="row"><a [^>]*>.*&lt;Ada&gt;/);
  assert.match(htmlText(drawn), /<th[^>]*scope="col" aria-sort="descending">/);
  assert.match(htmlText(drawn), /<caption class="visually-hidden">Clients<\/caption>/);
});

test('a table without rows says what would be there', () => {
  const drawn = htmlText(table(testFrame(), { caption: 'Clients', columns, rows: [], empty: nobody }));
  assert.match(drawn, /No clients yet/);
  assert.doesNotMatch(drawn, /<table/);
});

test('a pager offers only the ways there are', () => {
  const drawn = pager(testFrame(), { next: '?after=9&n=30', summary: '30 of 31' });
  assert.deepEqual(drawn && linksOf(drawn), ['?after=9&amp;n=30']);
  assert.equal(pager(testFrame(), {}), undefined);
});

test('of nested addresses the nearest is current', () => {
  const hrefs = ['/admin/clients/7', '/admin/clients/7/users', '/admin/clients/7/log?kind=mail'];
  assert.equal(currentOf('/admin/clients/7', hrefs), '/admin/clients/7');
  assert.equal(currentOf('/admin/clients/7/users/4', hrefs), '/admin/clients/7/users');
  assert.equal(currentOf('/admin/clients/7/log', hrefs), '/admin/clients/7/log?kind=mail');
  assert.equal(currentOf('/admin/clients/70', hrefs), undefined);
});

test('a moment is short for the eye and whole for the ear', () => {
  const frame = testFrame();
  const hours = 60 * 60 * 1000;
  const seen = (at: number | undefined) => /aria-hidden="true">([^<]*)</.exec(htmlText(ago(frame, at, 'Never')))?.[1];
  assert.equal(seen(frame.now - 10_000), 'now');
  assert.equal(seen(frame.now - 3 * hours), '3 hours ago');
  assert.equal(seen(frame.now - 30 * hours), 'yesterday');
  assert.equal(seen(frame.now + 2 * 24 * hours), 'in 2 days');
  assert.equal(seen(frame.now - 40 * 24 * hours), '2026-10-13');
  assert.equal(seen(undefined), '–');
  assert.match(
    htmlText(ago(frame, frame.now - 3 * hours)),
    /datetime="2026-11-22T09:00:00.000Z" title="2026-11-22T09:00/,
  );
});

test('initials keep characters whole', () => {
  assert.equal(initials('ada augusta lovelace'), 'AL');
  assert.equal(initials('  Zed '), 'Z');
  assert.equal(initials('👩‍💻 Ops'), '👩‍💻O');
  assert.equal(initials(''), '');
});
