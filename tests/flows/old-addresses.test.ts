// The addresses of WHMCS lead to ours, in every shape in which they stand in letters, sites and bookmarks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { seconds } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

/** Old address, and where it leads whoever asks. */
const LEAD: readonly (readonly [string, string])[] = [
  ['/clientarea.php', '/'],
  ['/clientarea.php?action=details', '/go/profile'],
  ['/clientarea.php?action=contacts', '/go/contacts'],
  ['/clientarea.php?action=addcontact', '/go/contacts'],
  ['/clientarea.php?action=changepw', '/user/password'],
  ['/clientarea.php?action=security', '/user/security'],
  ['/clientarea.php?action=creditcard', '/go/billing_info'],
  ['/clientarea.php?action=services', '/go/services'],
  ['/clientarea.php?action=products', '/go/services'],
  ['/clientarea.php?action=productdetails&id=7', '/go/product_details?id=7'],
  ['/clientarea.php?action=productdetails&id=7&dosinglesignon=1', '/go/product_details?id=7'],
  ['/clientarea.php?action=cancel&id=7', '/go/product_details?id=7'],
  ['/clientarea.php?action=domains', '/go/domains'],
  ['/clientarea.php?action=domaindetails&id=9', '/go/domain_details?id=9'],
  ['/clientarea.php?action=domaindetails&domainid=9', '/go/domain_details?id=9'],
  ['/clientarea.php?action=invoices', '/go/invoices'],
  ['/clientarea.php?action=masspay&all=true', '/go/invoices'],
  ['/clientarea.php?action=addfunds', '/go/invoices'],
  ['/clientarea.php?action=quotes', '/'],
  ['/clientarea.php?action=emails', '/go/emails'],
  ['/clientarea.php?action=constructor', '/'],
  ['/clientarea.php?action=__proto__', '/'],
  ['/clientarea.php?action=productdetails&id=7%20or%201', '/go/product_details'],
  ['/clientarea.php?action=productdetails&id=0', '/go/product_details'],
  ['/login.php', '/login'],
  ['/login.php?goto=clientarea.php%3Faction%3Dinvoices', '/login?goto=clientarea.php%3Faction%3Dinvoices'],
  ['/dologin.php', '/login'],
  ['/logout.php', '/logout'],
  ['/register.php', '/register'],
  ['/pwreset.php', '/password/reset'],
  ['/pwreset.php?key=0123456789abcdef', '/password/reset'],
  ['/unsubscribe.php?email=a@b.test&key=x', '/unsubscribe'],
  ['/banned.php', '/'],
  ['/viewinvoice.php?id=5', '/go/invoices'],
  ['/viewquote.php?id=5', '/'],
  ['/viewemail.php?id=5', '/go/emails'],
  ['/upgrade.php?type=package&id=3', '/go/upgrade?id=3'],
  ['/supporttickets.php', '/go/tickets'],
  ['/submitticket.php', '/go/submit_ticket'],
  ['/viewticket.php?tid=ABC-123&c=secret', '/go/tickets'],
  ['/affiliates.php', '/'],
  ['/cart.php', '/go/shopping_cart'],
  ['/cart.php?a=add&pid=1', '/go/shopping_cart'],
  ['/cart.php?a=checkout', '/go/shopping_cart'],
  ['/cart.php?a=add&domain=register', '/go/shopping_cart_domain_register'],
  ['/cart.php?a=add&domain=transfer', '/go/shopping_cart_domain_transfer'],
  ['/cart.php?gid=addons', '/go/shopping_cart_addons'],
  ['/announcements.php', '/go/announcements'],
  ['/knowledgebase.php?action=displayarticle&id=1', '/go/knowledgebase'],
  ['/downloads.php', '/go/downloads'],
  ['/serverstatus.php', '/go/network_status'],
  ['/networkissues.php', '/go/network_status'],
  ['/contact.php', '/go/submit_ticket'],
  ['/domainchecker.php', '/go/shopping_cart_domain_register'],
  ['/login/challenge', '/login/code'],
  ['/password/reset/begin', '/password/reset'],
  ['/password/reset/redeem/abcdef', '/password/reset'],
  ['/password/reset/change', '/password/reset'],
  ['/user/accounts', '/account'],
  ['/user/verify/abcdef', '/user/profile'],
  ['/user/verification', '/user/profile'],
  ['/account/users', '/go/users'],
  ['/account/users/invite', '/go/users'],
  ['/account/users/permissions/3', '/go/users'],
  ['/account/contacts', '/go/contacts'],
  ['/account/contacts/new', '/go/contacts'],
  ['/account/security', '/go/single_sign_on'],
  ['/account/paymentmethods', '/go/billing_info'],
  ['/account/paymentmethods/add', '/go/billing_info'],
  ['/knowledgebase/1/An-article', '/go/knowledgebase'],
  ['/announcements', '/go/announcements'],
  ['/store/hosting/large', '/go/shopping_cart'],
];

/** Routes, as they stand behind index.php in either shape. */
const ROUTES: readonly (readonly [string, string])[] = [
  ['/login', '/login'],
  ['/logout', '/logout'],
  ['/register', '/register'],
  ['/login/challenge', '/login/code'],
  ['/password/reset/begin', '/password/reset'],
  ['/password/reset/redeem/abcdef', '/password/reset'],
  ['/user/profile', '/user/profile'],
  ['/user/password', '/user/password'],
  ['/user/accounts', '/account'],
  ['/user/verify/abcdef', '/user/profile'],
  ['/account/users', '/go/users'],
  ['/account/paymentmethods', '/go/billing_info'],
  ['/knowledgebase', '/go/knowledgebase'],
  ['/store/hosting', '/go/shopping_cart'],
];

onBothDatabases('the older addresses', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('each leads to its page, by GET', async () => {
    const browser = world.browser();
    for (const [from, to] of LEAD) {
      const answer = await browser.get(from);
      assert.ok([302, 303].includes(answer.statusCode), `${from} ${answer.statusCode}`);
      assert.equal(leadsTo(answer), to, from);
    }
  });

  test('each route behind index.php leads to its page, in both shapes', async () => {
    const browser = world.browser();
    for (const [route, to] of ROUTES) {
      assert.equal(leadsTo(await browser.get(`/index.php?rp=${route}`)), to, route);
      assert.equal(leadsTo(await browser.get(`/index.php?rp=${encodeURIComponent(`${route}/`)}`)), to, route);
      assert.equal(leadsTo(await browser.get(`/index.php${route}`)), to, route);
    }
    assert.equal(leadsTo(await browser.get('/index.php')), '/');
    assert.equal(leadsTo(await browser.get('/index.php?m=some_addon')), '/');
    assert.equal(
      leadsTo(await browser.get('/index.php?rp=/login&goto=/user/profile')),
      '/login?goto=%2Fuser%2Fprofile',
    );
  });

  test('where they lead there is a page, for a stranger and for somebody signed in', async () => {
    const stranger = world.browser();
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    for (const to of new Set([...LEAD, ...ROUTES].map(([, target]) => target))) {
      for (const browser of [stranger, ada]) {
        let answer = await browser.get(to);
        for (let hops = 0; [302, 303].includes(answer.statusCode) && hops < 6; hops += 1)
          answer = await browser.get(leadsTo(answer));
        assert.equal(answer.statusCode, 200, to);
      }
    }
  });

  test('a form posted to one does nothing and leads to its page', async () => {
    const browser = world.browser();
    const answer = await browser.postRaw('/login.php', { username: 'ada@example.test', password: 'x' });
    assert.equal(answer.statusCode, 303);
    assert.equal(leadsTo(answer), '/login');
    assert.equal(leadsTo(await browser.postRaw('/clientarea.php?action=details', { firstname: 'X' })), '/go/profile');
  });

  test('of an address nothing goes along but the way back and a number', async () => {
    const browser = world.browser();
    for (const [from] of LEAD) {
      const to = leadsTo(await browser.get(`${from}${from.includes('?') ? '&' : '?'}secret=abc&key=abc&token=abc`));
      assert.doesNotMatch(to, /abc|secret|0123456789abcdef|ABC-123/, from);
    }
    const answer = await browser.get('/pwreset.php?key=abc');
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
  });

  test('details of the selected account: the one there is, or a choice, or to sign in first', async () => {
    const stranger = world.browser();
    const login = leadsTo(await stranger.get(leadsTo(await stranger.get('/clientarea.php?action=details'))));
    assert.equal(login, '/login?goto=%2Fgo%2Fprofile');
    const ada = world.browser();
    const signedIn = await ada.post('/login', {
      email: 'ada@example.test',
      password: 'correct horse battery staple',
      goto: '/go/profile',
    });
    const own = `/account/${world.cast.ada.clientId}`;
    assert.equal(leadsTo(await ada.get(leadsTo(signedIn))), `${own}/go/profile`);
    assert.equal(leadsTo(await ada.get(`${own}/go/profile`)), `${own}/details`);
    await addMember(world.ctx, actor, world.cast.ben.id, world.cast.eve.clientId, ['profile']);
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    assert.equal(leadsTo(await ben.get('/go/profile')), '/account?for=profile');
    const choice = await ben.get('/account?for=profile');
    assert.match(choice.body, new RegExp(`href="/account/${world.cast.eve.clientId}/go/profile"`));
  });

  test("what is not here leads to the operator's address for it, by permission, and else home", async () => {
    await changeSettings(world.ctx, actor, {
      'sso-destinations': [
        'clientarea:invoices https://billing.test/{client_id}/{user_id}',
        'clientarea:product_details https://panel.test/service/{service_id}',
        'clientarea:knowledgebase https://help.test/',
        'clientarea:downloads https://files.test/{client_id}',
      ].join('\n'),
    });
    world.clock.turn(seconds(2));
    const { clientId, id } = world.cast.eve;
    const eve = world.browser();
    await eve.signIn('eve@example.test');
    const end = async (from: string): Promise<string> => {
      let to = leadsTo(await eve.get(from));
      for (let hops = 0; hops < 4 && to.startsWith('/'); hops += 1) {
        const answer = await eve.get(to);
        if (answer.statusCode === 200) return to;
        to = leadsTo(answer);
      }
      return to;
    };
    assert.equal(await end('/viewinvoice.php?id=5'), `https://billing.test/${clientId}/${id}`);
    assert.equal(await end('/clientarea.php?action=productdetails&id=31'), 'https://panel.test/service/31');
    assert.equal(await end('/clientarea.php?action=productdetails'), `/account/${clientId}`);
    assert.equal(await end('/clientarea.php?action=emails'), `/account/${clientId}/emails`, 'a page of ours');
    assert.equal(await end('/clientarea.php'), `/account/${clientId}`);
    const stranger = world.browser();
    assert.equal(leadsTo(await stranger.get('/go/knowledgebase')), 'https://help.test/', 'open to everybody');
    assert.equal(leadsTo(await stranger.get('/go/downloads')), '/login?goto=%2Fgo%2Fdownloads', 'it asks whose');
    assert.equal(leadsTo(await stranger.get('/go/invoices?id=4')), '/login?goto=%2Fgo%2Finvoices%3Fid%3D4');
  });
});
