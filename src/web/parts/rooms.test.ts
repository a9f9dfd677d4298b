// The three rooms: who sees which way, and that no page needs what our content security policy forbids.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Html, html, htmlText } from '#kit/html.ts';
import { definitions } from './definitions.ts';
import { form } from './form.ts';
import { adminRoom, clientRoom, entranceRoom } from './rooms.ts';
import { secretBox } from './secret.ts';
import { linksOf, memberFrame, staffFrame, testFrame } from './test-frame.ts';

const body = html`<p>Body</p>`;

test('a room is a whole document with one h1, in the language and direction of the person', () => {
  const frame = testFrame({ language: 'ar', direction: 'rtl', notice: { tone: 'success', text: 'Saved.' } });
  for (const room of [entranceRoom, clientRoom, adminRoom]) {
    const drawn = htmlText(room(frame, { title: 'A page', body }));
    assert.match(drawn, /^<!doctype html>\n<html lang="ar" dir="rtl">/);
    assert.match(drawn, /<title>A page · Northwind<\/title>/);
    assert.equal(drawn.match(/<h1>/g)?.length, 1);
    assert.equal(drawn.match(/<main id="main"/g)?.length, 1);
    assert.match(drawn, /<a class="dw-skip" href="#main">/);
    assert.match(drawn, /role="status"[^>]*>.*Saved\./);
  }
});

test('no room needs an inline style, an inline script or another host', () => {
  const errors = { a: 'No.' };
  const full = html`${form(testFrame(), { errors, body, button: 'Go' })}${secretBox(testFrame(), { name: 's', label: 'S', secret: 'x' })}`;
  const rooms: Html[] = [
    entranceRoom(testFrame({ brand: { name: 'N', accent: '#ff0000' } }), { title: 'T', body: full, errors }),
    clientRoom(memberFrame(['profile']), { title: 'T', body: full, errors }),
    adminRoom(staffFrame(['List Clients', 'Configure General Settings']), { title: 'T', body: full, errors }),
  ];
  for (const drawn of rooms.map(htmlText)) {
    assert.doesNotMatch(drawn, / style=| on[a-z]+=|javascript:|<style/);
    assert.doesNotMatch(drawn, /(src|href|action)="(https?:)?\/\//);
    assert.doesNotMatch(drawn, /<script(?![^>]* src="\/assets\/)/);
    assert.match(drawn, /<title>Error: T/);
  }
  assert.match(htmlText(rooms[0] ?? body), /href="\/assets\/brand\.css\?v=ff0000"/);
});

test('a name cannot break out of the frame', () => {
  const name = '</title><script>x</script>"';
  const frame = memberFrame([], { brand: { name }, user: { id: 1, name, email: name } });
  for (const room of [entranceRoom, clientRoom]) {
    assert.doesNotMatch(htmlText(room(frame, { title: name, body })), /<script>|""/);
  }
});

test('staff see only the places they may go to', () => {
  const side = (...permissions: string[]) => new Set(linksOf(adminRoom(staffFrame(permissions), { title: 'T', body })));
  const always = ['#main', '/admin', '/admin/account/password', '/admin/account/security', '/admin/account/sessions'];
  assert.deepEqual(side(), new Set(always));
  assert.deepEqual(side('List Clients'), new Set([...always, '/admin/clients']));
  assert.deepEqual(side('My Account'), new Set([...always, '/admin/account']));
  assert.ok(side('Manage API Credentials').has('/admin/api-credentials'));
  assert.ok(!side('Manage API Credentials').has('/admin/administrators'));
  assert.ok(side('Manage API Credentials').has('/admin/api-roles'));
  assert.ok(!side('Configure Administrators').has('/admin/api-roles'));
  const most = side('View Banned IPs', 'Configure General Settings', 'View Activity Log', 'List Users');
  assert.ok(
    most.has('/admin/bans') && most.has('/admin/settings') && most.has('/admin/log') && most.has('/admin/users'),
  );
});

test('a stranger in the admin room sees no place, no search and no sign-out', () => {
  const drawn = adminRoom(testFrame({ path: '/admin/x' }), { title: 'T', body });
  assert.deepEqual(linksOf(drawn), ['#main', '/admin']);
  assert.doesNotMatch(htmlText(drawn), /\/admin\/search|\/admin\/logout/);
});

test('a page below a place marks that place, and home only itself', () => {
  const marked = (path: string) => {
    const drawn = htmlText(adminRoom(staffFrame(['List Clients'], { path }), { title: 'T', body }));
    return [
      ...new Set(
        [...drawn.matchAll(/href="([^"]*)" aria-current="([^"]*)"/g)].map(([, href, kind]) => `${href} ${kind}`),
      ),
    ];
  };
  assert.deepEqual(marked('/admin'), ['/admin page']);
  assert.deepEqual(marked('/admin/clients'), ['/admin/clients page']);
  assert.deepEqual(marked('/admin/clients/7/users'), ['/admin/clients true']);
  assert.deepEqual(marked('/admin/clientship'), []);
});

test('account details are a way only for those who may change the profile', () => {
  const links = (permissions: string[]) => linksOf(clientRoom(memberFrame(permissions), { title: 'T', body }));
  assert.ok(links(['profile']).includes('/account/7/details'));
  assert.ok(!links(['invoices']).includes('/account/7/details'));
});

test('more than seven accounts are chosen on their own page, not in a menu', () => {
  const accounts = (count: number) =>
    Array.from({ length: count }, (_, id) => ({ id, name: `Client ${id}`, company: '', role: 'member' }) as const);
  const links = (count: number) =>
    linksOf(clientRoom(memberFrame([], { accounts: accounts(count) }), { title: 'T', body }));
  assert.ok(links(7).includes('/account/6') && !links(7).includes('/account'));
  assert.ok(links(8).includes('/account') && !links(8).includes('/account/6'));
});

test('staff in the place of a user are told so, with the way out and no other, and are not asked what is for the user', () => {
  const own = memberFrame([]);
  const user = own.user && { ...own.user, isAsked: true };
  const asked = htmlText(clientRoom({ ...own, ...(user && { user }) }, { title: 'T', body }));
  assert.ok(asked.includes('href="/user/support-question"') && !asked.includes('/acting/leaving'));
  for (const mayWrite of [true, false]) {
    const acting = { until: own.now, mayWrite, mayPost: mayWrite };
    const drawn = htmlText(clientRoom({ ...own, ...(user && { user }), acting }, { title: 'T', body }));
    assert.match(drawn, /<form class="dw-post" method="post" action="\/acting\/leaving">/);
    assert.equal(drawn.includes('change nothing'), !mayWrite);
    assert.ok(!drawn.includes('action="/logout"') && !drawn.includes('href="/user/support-question"'));
  }
});

test('signing out is a form with the proof', () => {
  const drawn = htmlText(clientRoom(memberFrame([]), { title: 'T', body }));
  assert.match(drawn, /<form method="post" action="\/logout"><input type="hidden" name="csrf" value="proof-of-form">/);
});

test('a value that is not there is a dash with a word, and a line that does not apply is left out', () => {
  const drawn = htmlText(
    definitions(testFrame(), [{ term: 'Phone', value: '' }, false, { term: 'Name', value: 'Ada' }]),
  );
  assert.match(drawn, /Phone<\/dt>.*–.*None/);
  assert.equal(drawn.match(/<dt>/g)?.length, 2);
});
