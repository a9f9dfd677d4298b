// The whole matrix: every page of an account, seen and posted to by everybody who may hold one thing there and no other. What
// a page asks for is read from the page itself, so a new one is in the matrix by being there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccessLimits } from '#domain/access/access.ts';
import { addMember } from '#domain/access/member-changes.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addUser } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { findPages } from '#src/app.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';
import type { FoundPage } from '#web/front/found-pages.ts';

const SYSTEM = systemActor('Test');
const OWN = { 'sec-fetch-site': 'same-origin' };
const pages = (await findPages()).filter(({ page }) => page.who.is === 'account');

/** Who there is: whoever holds one permission alone, whoever may invite beside it, the owner, and those whose time is not now. */
type Holder = {
  readonly name: string;
  readonly holds: AccessPermission | undefined;
  readonly mayInvite: boolean;
  readonly isOwner: boolean;
  readonly isIn: boolean;
};

/** Whether the one line that a page says of itself lets a holder in; the matrix in one function. */
function mayOpen(asks: string, who: Holder): boolean {
  if (!who.isIn) return false;
  if (who.isOwner || asks === 'any') return true;
  return asks === 'inviter' ? who.mayInvite : asks === who.holds;
}

onBothDatabases('the pages of an account against every permission', (database) => {
  let world: World;
  const browsers: { readonly who: Holder; readonly browser: TestBrowser; readonly csrf: string }[] = [];
  before(async () => {
    world = await testWorld(database);
    const passwordHash = await sealedPassword();
    const enter = async (who: Holder, email: string): Promise<void> => {
      const browser = world.browser({ ip: `192.0.${browsers.length}.1` });
      await browser.signIn(email);
      browsers.push({ who, browser, csrf: csrfOf(await browser.get('/user/profile')) });
    };
    const member = async (name: string, permission: AccessPermission, limits: AccessLimits, isIn: boolean) => {
      const email = `${name}@example.test`;
      const id = await addUser(world.ctx, SYSTEM, { firstName: name, lastName: 'Holder', email, passwordHash });
      await addMember(world.ctx, SYSTEM, id, world.cast.ada.clientId, [permission], limits);
      const mayInvite = limits.mayInvite ?? false;
      await enter({ name, holds: permission, mayInvite, isOwner: false, isIn }, email);
    };
    for (const permission of ACCESS_PERMISSIONS) await member(permission, permission, {}, true);
    await member('inviter', 'affiliates', { mayInvite: true }, true);
    await member('early', 'profile', { startsAt: world.ctx.now() + days(1), mayInvite: true }, false);
    await member('late', 'profile', { endsAt: world.ctx.now() + 1, mayInvite: true }, false);
    world.clock.turn(1);
    const nobody = { holds: undefined, mayInvite: false };
    await enter({ name: 'a stranger', ...nobody, isOwner: false, isIn: false }, world.cast.eve.email);
    await enter({ name: 'the owner', ...nobody, isOwner: true, isIn: true }, world.cast.ada.email);
  });
  after(() => world.close());

  /** Ids that name nothing: whoever may open the page hears that it is not found, whoever may not is refused before. */
  const addressOf = ({ address }: FoundPage): string =>
    address
      .replace(':client', String(world.cast.ada.clientId))
      .replace(':place', 'homepage')
      .replace(/:\w+/g, '999999');
  /** Refused for want of access: to a stranger an account is not there at all. */
  const isRefused = (status: number, body: string): boolean =>
    status === 403 || (status === 404 && body.includes('There is no such account here for you'));

  test('there are pages of every kind', () => {
    const kinds = new Set(pages.map(({ page }) => String(page.who.permission)));
    for (const kind of ['any', 'owner', 'inviter', 'profile', 'contacts', 'emails']) assert.ok(kinds.has(kind), kind);
    assert.ok(pages.length >= 20);
  });

  test('who may not open a page is refused it, and whoever may is not', async () => {
    for (const found of pages.filter(({ page }) => page.get)) {
      for (const { who, browser } of browsers) {
        const { statusCode, body } = await browser.get(addressOf(found));
        const expected = !mayOpen(found.page.who.permission, who);
        assert.equal(isRefused(statusCode, body), expected, `${who.name} at ${found.address}: ${statusCode}`);
      }
    }
  });

  test('nor is a post a way round it', async () => {
    for (const found of pages.filter(({ page }) => page.post)) {
      for (const { who, browser, csrf } of browsers) {
        if (mayOpen(found.page.who.permission, who)) continue;
        const { statusCode, body } = await browser.postRaw(addressOf(found), { csrf }, OWN);
        assert.ok(isRefused(statusCode, body), `${who.name} at ${found.address}: ${statusCode}`);
      }
    }
  });
});
