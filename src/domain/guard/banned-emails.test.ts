// Addresses that nobody may come in with: whom a ban meets, what is counted, and where it is asked.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewInvitation } from '#domain/access/invitations.ts';
import { invite } from '#domain/access/invitations.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeDetailsAndFields } from '#domain/fields/account-changes.ts';
import { banEmail, disposableState, isRefused, pageOfBannedEmails, unbanEmail } from '#domain/guard/banned-emails.ts';
import { mailDomain } from '#domain/guard/mail-domain.ts';
import { requestEmailChange } from '#domain/self-service/email-change.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { acceptAsNewUser } from '#domain/signup/invited-user.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { register } from '#domain/signup/registration.ts';
import { changeUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a banned e-mail', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const ban = (pattern: string): Promise<number> => banEmail(ctx, SYSTEM, { pattern, note: '' });
  const lift = async (): Promise<void> => {
    for (const one of (await pageOfBannedEmails(ctx, '', {}, 100)).rows) await unbanEmail(ctx, SYSTEM, one.id);
  };

  test('is a domain with all below it, or one address, however it is spelt', async () => {
    const cases: readonly [pattern: string, refused: string[], letIn: string[]][] = [
      [
        'spam.test',
        ['a@spam.test', 'A@SPAM.TEST', 'a@mail.spam.test', 'a@x.y.spam.test', 'ａ@ｓｐａｍ.test'],
        ['a@notspam.test', 'a@spam.test.example', 'spam.test@good.test', 'not an address', ''],
      ],
      ['*.Spam.test', ['a@spam.test', 'a@b.spam.test'], ['a@spam.example']],
      ['@spam.test.', ['a@spam.test'], []],
      ['bücher.test', ['a@bücher.test', 'a@xn--bcher-kva.test', 'a@BÜCHER.test'], ['a@bucher.test']],
      [
        'mal@shared.test',
        ['mal@shared.test', 'MAL@Shared.Test', 'mal+7@shared.test'],
        ['mall@shared.test', 'mal@a.shared.test'],
      ],
    ];
    for (const [pattern, refused, letIn] of cases) {
      await ban(pattern);
      for (const address of refused) assert.equal(await isRefused(ctx, address), true, `${address} by ${pattern}`);
      for (const address of letIn) assert.equal(await isRefused(ctx, address), false, `${address} by ${pattern}`);
      await lift();
    }
  });

  test('counts whom it refused, also of fifty at once, and the nearest of several counts', async () => {
    await ban('spam.test');
    await ban('mail.spam.test');
    await Promise.all(Array.from({ length: 50 }, (_, n) => isRefused(ctx, `a${n}@mail.spam.test`)));
    const rows = (await pageOfBannedEmails(ctx, 'spam', {}, 10)).rows;
    assert.deepEqual(
      rows.map(({ pattern, hits }) => [pattern, hits]),
      [
        ['mail.spam.test', 50],
        ['spam.test', 0],
      ],
    );
    assert.equal(rows[0]?.lastHitAt, world.clock.now());
    await lift();
  });

  test('is refused when it is no domain, an address of a computer, or listed already', async () => {
    for (const pattern of ['', 'nodot', '*', '.', 'a b.test', '192.0.2.7', 'a@', '@', 'x'.repeat(300)])
      await assert.rejects(ban(pattern), { kind: 'invalid', fields: { pattern: 'email-pattern-invalid' } }, pattern);
    await ban('spam.test');
    await assert.rejects(ban('SPAM.test'), { kind: 'conflict', code: 'email-pattern-listed' });
    await lift();
    assert.equal(mailDomain('Exämple.TEST.'), 'xn--exmple-cua.test');
  });

  test('is asked of new people, new clients, every change of an address and the registration; whoever is here stays', async () => {
    await ban('example.test');
    const { ada } = world.cast;
    assert.equal((await world.browser().signIn(ada.email)).statusCode, 303, 'she was here before');
    await changeUser(ctx, SYSTEM, ada.id, { firstName: 'Augusta', email: ada.email });
    await assert.rejects(changeUser(ctx, SYSTEM, ada.id, { email: 'ada2@example.test' }), {
      fields: { email: 'email-banned' },
    });
    await assert.rejects(changeClient(ctx, SYSTEM, ada.clientId, { email: 'ada2@sub.example.test' }), {
      fields: { email: 'email-banned' },
    });
    const before = await clientOf(ctx, ada.clientId);
    const own = { ...before, email: 'ada2@example.test' };
    await assert.rejects(changeDetailsAndFields(ctx, SYSTEM, ada.clientId, own, new Map([[1, 'x']])), {
      fields: { email: 'email-banned' },
    });
    const owner = { kind: 'new', password: undefined } as const;
    await assert.rejects(
      addClientWithOwner(ctx, SYSTEM, { profile: profile({ email: 'x@example.test' }), owner, welcome: true }),
      { fields: { email: 'email-banned' } },
    );
    const form = { language: '', currencyId: undefined, marketingOptIn: false, fields: new Map(), acceptsTerms: true };
    await assert.rejects(
      register(
        ctx,
        { ...form, profile: profile({ email: 'x@example.test' }), password: 'several words in a row' },
        '192.0.2.9',
      ),
      { fields: { email: 'email-banned' } },
    );
    const sent = { firstname: 'A', lastname: 'B', email: 'x@example.test', password2: 'several words in a row' };
    const user = await world.api('AddUser', sent);
    assert.equal(user.body['message'], 'The email address entered is not available for use.');
    const address = { address1: 'a', city: 'b', state: 'c', postcode: 'd', country: 'GB', phonenumber: '2079460000' };
    const client = await world.api('AddClient', { ...sent, ...address });
    assert.equal(client.body['message'], 'The email address entered is not available for use.');
    const [row] = (await pageOfBannedEmails(ctx, '', {}, 10)).rows;
    assert.equal(row?.hits, 7);
    await lift();
  });

  test('is asked of invitations, of whoever accepts one, and of a wish for another address of one’s own', async () => {
    const { ada, ben } = world.cast;
    const REFUSED = { kind: 'invalid', fields: { email: 'email-banned' } };
    const wanted = (email: string): NewInvitation => ({
      email,
      permissions: ['tickets'],
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
    });
    await invite(ctx, SYSTEM, ada.clientId, wanted('new@late.test')); // banned only afterwards
    const token = /\/invite\/([^/\s]+)/.exec((await world.letterTo('new@late.test')).text)?.[1] ?? '';
    await ban('late.test');
    await assert.rejects(invite(ctx, SYSTEM, ada.clientId, wanted('another@late.test')), REFUSED);
    const asked = { client_id: ada.clientId, email: 'third@late.test', permissions: 'tickets' };
    const answer = await world.api('CreateClientInvite', asked);
    assert.equal(answer.body['message'], 'The email address entered is not available for use.');
    const somebody = { firstName: 'New', lastName: 'One', email: 'new@late.test', password: 'several words in a row' };
    await assert.rejects(acceptAsNewUser(ctx, token, somebody, '192.0.2.9'), REFUSED);
    const own = { kind: 'user', userId: ben.id, name: ben.email, ip: '192.0.2.9' } as const;
    await assert.rejects(requestEmailChange(ctx, own, ben.id, 'ben@late.test'), REFUSED);
    const user = await world.api('UpdateUser', { user_id: ben.id, email: 'ben@late.test' });
    const client = await world.api('UpdateClient', { clientid: ada.clientId, email: 'ada@late.test' });
    for (const { body } of [user, client])
      assert.equal(body['message'], 'The email address entered is not available for use.');
    assert.equal((await pageOfBannedEmails(ctx, '', {}, 10)).rows[0]?.hits, 6);
    const contact = await world.api('AddContact', { clientid: ada.clientId, email: 'books@late.test' });
    assert.equal(contact.body['result'], 'success', 'a contact signs in nowhere');
    await lift();
    assert.equal(
      (await acceptAsNewUser(ctx, token, somebody, '192.0.2.9')).clientId,
      ada.clientId,
      'nothing was spent',
    );
  });

  test('attack: a sub-domain of a disposable provider is refused too, once the operator wants that, but for exceptions', async () => {
    assert.equal(await isRefused(ctx, 'a@mailinator.com'), false, 'off unless switched on');
    await changeSettings(ctx, SYSTEM, { 'refuse-disposable-addresses': 'on' });
    for (const address of ['a@mailinator.com', 'a@MAILINATOR.com', 'a@deep.sub.mailinator.com'])
      assert.equal(await isRefused(ctx, address), true, address);
    for (const address of ['a@gmail.com', 'a@example.com', 'mailinator.com@example.com'])
      assert.equal(await isRefused(ctx, address), false, address);
    const state = await disposableState(ctx);
    assert.equal(state.hits, 3);
    assert.ok(state.domains > 1000);
    await changeSettings(ctx, SYSTEM, { 'disposable-exceptions': 'Mailinator.com' });
    assert.equal(await isRefused(ctx, 'a@sub.mailinator.com'), false);
    await assert.rejects(changeSettings(ctx, SYSTEM, { 'disposable-exceptions': 'not a domain' }), {
      fields: { 'disposable-exceptions': 'email-domain-invalid' },
    });
  });
});
