// Webhooks against a real receiver on loopback, checked with the library that receivers use.

import assert from 'node:assert/strict';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Webhook as Verifier } from 'standardwebhooks';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { setUserPassword } from '#domain/login/own-password.ts';
import { mergeClients } from '#domain/merging/merging.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { register } from '#domain/signup/registration.ts';
import { settleRegistrations } from '#domain/signup/registration-settling.ts';
import { proveAddress } from '#domain/users/users.ts';
import { deliverMessages } from '#domain/webhooks/deliver.ts';
import sweep from '#domain/webhooks/sweep-webhooks.job.ts';
import type { Delivery, WebhookWish } from '#domain/webhooks/webhooks.ts';
import {
  addWebhook,
  changeWebhook,
  deliveryOf,
  pageOfDeliveries,
  removeWebhook,
  renewSecret,
  replay,
  replayFailed,
  sendTest,
  webhookOf,
} from '#domain/webhooks/webhooks.ts';
import { discover } from '#kit/discover.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import { Problem } from '#kit/problem.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const ACTOR = systemActor('Test');

type Heard = { readonly headers: Record<string, string>; readonly body: string };

/** A receiver that answers as told and keeps what it heard. */
async function receiver(): Promise<{
  url: string;
  heard: Heard[];
  say: (status: number, headers?: Record<string, string>) => void;
  close: () => void;
}> {
  const heard: Heard[] = [];
  let [status, extra]: [number, Record<string, string>] = [204, {}];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    heard.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(status, extra).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    say: (next, headers = {}) => {
      [status, extra] = [next, headers];
    },
    close: () => server.close(),
  };
}

describe('what other programs are told', () => {
  test('has names in small letters with underscores, each event likewise', async () => {
    const files = await discover(new URL('../', import.meta.url), '.events.ts');
    const events = files.flatMap(({ module }) => Object.values(module)).filter(isTold);
    assert.ok(events.length > 30);
    for (const { name, outside } of events) {
      assert.match(name, /^[a-z_.0-9]+$/);
      const payload = { holder: { kind: 'user', id: 1 } };
      const told = outside(payload);
      assert.notEqual(told, payload, `${name} tells whatever it carries`);
      for (const key of Object.keys(told)) assert.match(key, /^[a-z_]+$/, name);
    }
  });
});

type ToldEvent = { readonly name: string; readonly outside: (payload: object) => object };

function isTold(one: unknown): one is ToldEvent {
  return typeof one === 'object' && one !== null && 'outside' in one && typeof one.outside === 'function';
}

onBothDatabases('webhooks', (database) => {
  let world: World;
  let there: Awaited<ReturnType<typeof receiver>>;
  before(async () => {
    world = await testWorld(database);
    there = await receiver();
    await changeSettings(world.ctx, ACTOR, { 'webhook-private-targets': '127.0.0.1' });
  });
  after(async () => {
    there.close();
    await world.close();
  });

  /** Makes a webhook, does something, and takes the webhook away again. */
  async function withWebhook(
    wish: Partial<WebhookWish>,
    work: (webhook: { id: number; secret: string }) => Promise<void>,
  ): Promise<void> {
    there.heard.length = 0;
    there.say(204);
    const made = await addWebhook(world.ctx, ACTOR, {
      url: there.url,
      description: 'Billing',
      events: 'every',
      ...wish,
    });
    try {
      await work(made);
    } finally {
      await removeWebhook(world.ctx, ACTOR, made.id);
    }
  }
  const rename = (companyName: string) => changeClient(world.ctx, ACTOR, world.cast.ada.clientId, { companyName });
  const deliveries = async (id: number): Promise<readonly Delivery[]> =>
    (await pageOfDeliveries(world.ctx, id, undefined, { after: undefined, before: undefined }, 50)).rows;

  test('tell of a change, signed so that a receiver’s own library believes it', async () => {
    await withWebhook({}, async ({ id, secret }) => {
      await rename('First Ltd');
      await deliverMessages(world.ctx);
      const [one] = there.heard;
      assert.ok(one);
      const told = JSON.parse(one.body) as { type: string; data: { client_id: number; fields: string[] } };
      assert.equal(told.type, 'client.updated');
      assert.deepEqual(told.data, { client_id: world.cast.ada.clientId, fields: ['companyName'] });
      // The library's own clock is the machine's; ours stands in the world. So the signature is made again for that instant.
      const at = new Date(Number(one.headers['webhook-timestamp']) * 1000);
      assert.equal(at.getTime(), Math.floor(world.clock.now() / 1000) * 1000);
      const signed = new Verifier(secret).sign(String(one.headers['webhook-id']), at, one.body);
      assert.equal(one.headers['webhook-signature'], signed);
      assert.deepEqual(
        (await deliveries(id)).map((row) => [row.state, row.status]),
        [['delivered', 204]],
      );
    });
  });

  test('tell of every hook of Client, User, Contact and Authentication once, by ids and names of fields alone', async () => {
    const { ctx, cast } = world;
    const call = async (action: string, values: Readonly<Record<string, string | number>>) => {
      const { body } = await world.api(action, values);
      assert.equal(body['result'], 'success', `${action}: ${JSON.stringify(body)}`);
      return body;
    };
    await withWebhook({}, async ({ id }) => {
      let seen = (await deliveries(id))[0]?.id ?? 0;
      /** What was told since the last look, oldest first. */
      const told = async (): Promise<string[]> => {
        const fresh = (await deliveries(id)).filter((row) => row.id > seen).reverse();
        seen = fresh.at(-1)?.id ?? seen;
        const all = await Promise.all(fresh.map((row) => deliveryOf(ctx, id, row.id)));
        for (const { body } of all) assert.doesNotMatch(body, /Hook|hook@|several words|userId|clientId/, body);
        return all.map(({ event, body }) => `${event} ${JSON.stringify(JSON.parse(body).data)}`);
      };
      const password2 = 'several words in a row';
      const address = { address1: 'a', city: 'b', state: 'c', postcode: 'd', country: 'GB', phonenumber: '2079460000' };
      const names = { firstname: 'Hook', lastname: 'Hooked' };
      const added = { ...names, ...address, email: 'hook@example.test', password2 };

      const made = await call('AddClient', added); // ClientAdd, PreUserAdd, UserAdd
      const client_id = Number(made['clientid']);
      const user_id = Number(made['owner_id']);
      assert.deepEqual(
        (await told()).filter((one) => !one.startsWith('access.')),
        [`user.created {"user_id":${user_id}}`, `client.created {"client_id":${client_id}}`],
      );

      await call('UpdateClient', { clientid: client_id, companyname: 'Hooks Ltd' }); // ClientEdit
      assert.deepEqual(await told(), [`client.updated {"client_id":${client_id},"fields":["companyName"]}`]);

      await call('UpdateUser', { user_id, firstname: 'Hooky' }); // UserEdit
      assert.deepEqual(await told(), [`user.updated {"user_id":${user_id},"fields":["firstName"]}`]);

      await call('UpdateUser', { user_id, email: 'hook9@example.test' });
      assert.deepEqual(await told(), [
        `user.email.changed {"user_id":${user_id}}`,
        `user.updated {"user_id":${user_id},"fields":["email"]}`,
      ]);

      await setUserPassword(ctx, ACTOR, user_id, 'other words in a row'); // UserChangePassword, ClientChangePassword
      assert.deepEqual(await told(), [`user.password.changed {"user_id":${user_id}}`]);

      const { email_key } = await ctx.db // UserEmailVerificationComplete
        .selectFrom('users')
        .select('email_key')
        .where('id', '=', user_id)
        .executeTakeFirstOrThrow();
      await ctx.transaction((tx) => proveAddress(tx, ACTOR, user_id, email_key));
      assert.deepEqual(await told(), [`user.email.verified {"user_id":${user_id}}`]);

      const browser = world.browser(); // UserLogin, UserLogout
      await browser.signIn(cast.ben.email);
      await browser.post('/logout');
      const [login, logout] = await told();
      assert.match(
        login ?? '',
        new RegExp(`^user.login.success \\{"user_id":${cast.ben.id},"session_id":\\d+,"origin":"login"`),
      );
      assert.match(logout ?? '', new RegExp(`^user.logout \\{"user_id":${cast.ben.id},"session_id":\\d+`));

      await browser.signIn('sam'); // AdminLogin, AdminLogout
      await browser.post('/admin/logout');
      const staff = `"administrator_id":${cast.sam.id},"session_id":\\d+`;
      const [entered = '', left = ''] = await told();
      assert.match(entered, new RegExp(`^admin.login.success \\{${staff},"origin":"login"`));
      assert.match(left, new RegExp(`^admin.logout \\{${staff}`));

      const contact = await call('AddContact', { clientid: client_id, ...names, email: 'hook@contact.example.test' }); // ContactAdd
      const contact_id = Number(contact['contactid']);
      await call('UpdateContact', { contactid: contact_id, firstname: 'Hooked' }); // ContactEdit
      await call('DeleteContact', { contactid: contact_id }); // ContactDelete
      const ids = `"client_id":${client_id},"contact_id":${contact_id}`;
      assert.deepEqual(await told(), [
        `contact.created {${ids}}`,
        `contact.updated {${ids},"fields":["firstName"]}`,
        `contact.deleted {${ids}}`,
      ]);

      await call('CloseClient', { clientid: client_id }); // ClientClose
      assert.deepEqual(await told(), [
        `client.status_changed {"client_id":${client_id},"before":"Active","after":"Closed"}`,
        `client.closed {"client_id":${client_id}}`,
      ]);

      await call('DeleteClient', { clientid: client_id, deleteusers: 'true' }); // PreDeleteClient, ClientDelete
      assert.deepEqual(
        (await told()).filter((one) => !one.startsWith('access.')),
        [`client.deleted {"client_id":${client_id}}`, `user.deleted {"user_id":${user_id}}`],
      );

      const typed = profile({ firstName: 'Hook', lastName: 'Hooked', email: 'hook3@example.test' });
      const form = { profile: typed, language: 'english', currencyId: undefined, marketingOptIn: false };
      const rest = { fields: new Map<number, string>(), acceptsTerms: true, password: password2 };
      await register(ctx, { ...form, ...rest }, '198.51.100.33'); // ClientAreaRegister
      await settleRegistrations(ctx);
      await laterDone(); // or it is being settled already, behind the answer
      const registered = (await told()).find((one) => one.startsWith('client.registered '));
      assert.match(registered ?? '', /^client\.registered \{"user_id":\d+,"client_id":\d+\}$/);

      const second = await call('AddClient', { ...added, email: 'hook2@example.test' }); // AfterClientMerge
      await told();
      await mergeClients(ctx, ACTOR, Number(second['clientid']), cast.cleo.clientId);
      assert.ok(
        (await told()).some(
          (one) =>
            one.startsWith('client.merged ') &&
            one.includes(`"client_id":${cast.cleo.clientId},"from_client_id":${Number(second['clientid'])}`),
        ),
      );
    });
  });

  test('are told only what they asked for, and nothing while they are off', async () => {
    await withWebhook({ events: ['client.closed'] }, async ({ id }) => {
      await rename('Second Ltd');
      await closeClient(world.ctx, ACTOR, world.cast.eve.clientId);
      await changeClient(world.ctx, ACTOR, world.cast.eve.clientId, { status: 'Active' });
      await changeWebhook(world.ctx, ACTOR, id, { url: there.url, description: '', events: 'every', active: false });
      await rename('Third Ltd');
      await changeWebhook(world.ctx, ACTOR, id, { url: there.url, description: '', events: 'every', active: true });
      await deliverMessages(world.ctx);
      assert.deepEqual(
        there.heard.map((one) => (JSON.parse(one.body) as { type: string }).type),
        ['client.closed'],
      );
    });
  });

  test('hear nothing of what was undone', async () => {
    await withWebhook({}, async ({ id }) => {
      await assert.rejects(
        world.ctx.transaction(async (tx) => {
          await changeClient(tx, ACTOR, world.cast.ada.clientId, { companyName: 'Never Ltd' });
          throw new Error('undone');
        }),
        /undone/,
      );
      assert.deepEqual(await deliveries(id), []);
    });
  });

  test('cost a change no statement where nobody wants to know of it', async () => {
    const counted = async (work: () => Promise<unknown>): Promise<number> => {
      const from = world.ctx.statementCount();
      await work();
      return world.ctx.statementCount() - from;
    };
    await rename('Fourth Ltd');
    const alone = await counted(() => rename('Fifth Ltd'));
    await withWebhook({ events: ['client.deleted'] }, async () => {
      await rename('Sixth Ltd');
      assert.equal(await counted(() => rename('Seventh Ltd')), alone);
    });
  });

  test('are tried again with growing pauses, and given up on after the tenth try', async () => {
    await withWebhook({}, async ({ id }) => {
      there.say(500);
      await rename('Eighth Ltd');
      const pauses = [
        seconds(5),
        minutes(5),
        minutes(30),
        hours(2),
        hours(5),
        hours(10),
        hours(14),
        hours(20),
        hours(24),
      ];
      for (const pause of pauses) {
        await deliverMessages(world.ctx);
        const [row] = await deliveries(id);
        assert.equal((row?.nextAttemptAt ?? 0) - world.clock.now(), pause);
        assert.equal(row?.status, 500);
        world.clock.turn(pause - 1);
        const before = there.heard.length;
        await deliverMessages(world.ctx);
        assert.equal(there.heard.length, before, 'not before its time');
        world.clock.turn(1);
      }
      await deliverMessages(world.ctx);
      assert.equal((await deliveries(id))[0]?.state, 'failed');
      assert.equal(new Set(there.heard.map((one) => one.headers['webhook-id'])).size, 1, 'each try has the same id');
      there.say(204);
      assert.equal(await replayFailed(world.ctx, ACTOR, id), 1);
      await deliverMessages(world.ctx);
      assert.equal((await deliveries(id))[0]?.state, 'delivered');
      assert.equal((await webhookOf(world.ctx, id)).failingSince, undefined);
    });
  });

  test('wait as long as a busy receiver asks, but no longer than an hour', async () => {
    await withWebhook({}, async ({ id }) => {
      there.say(503, { 'retry-after': '600' });
      await rename('Ninth Ltd');
      await deliverMessages(world.ctx);
      assert.equal(((await deliveries(id))[0]?.nextAttemptAt ?? 0) - world.clock.now(), minutes(10));
      there.say(503, { 'retry-after': '999999' });
      world.clock.turn(minutes(10));
      await deliverMessages(world.ctx);
      assert.equal(((await deliveries(id))[0]?.nextAttemptAt ?? 0) - world.clock.now(), hours(1));
    });
  });

  test('are switched off when their receiver is gone (410), or fails for five days, and the log says so', async () => {
    await withWebhook({}, async ({ id }) => {
      there.say(410);
      await rename('Tenth Ltd');
      await deliverMessages(world.ctx);
      assert.equal((await webhookOf(world.ctx, id)).disabled?.why, 'gone');
    });
    await withWebhook({}, async ({ id }) => {
      there.say(500);
      await rename('Eleventh Ltd');
      await deliverMessages(world.ctx);
      world.clock.turn(days(5));
      await sendTest(world.ctx, ACTOR, id);
      await deliverMessages(world.ctx);
      assert.equal((await webhookOf(world.ctx, id)).disabled?.why, 'failing');
      await rename('Twelfth Ltd');
      assert.equal((await deliveries(id)).length, 2, 'it is told nothing more');
      world.clock.turn(days(1));
      await deliverMessages(world.ctx);
      await changeWebhook(world.ctx, ACTOR, id, { url: there.url, description: '', events: 'every', active: true });
      assert.equal(await replayFailed(world.ctx, ACTOR, id), 2, 'nothing that it missed is lost');
    });
    const lines = await auditLines(world.ctx, { event: 'webhook.disabled' }, { limit: 5 });
    assert.deepEqual(
      lines.map((line) => /it failed for five days|its receiver says it is gone/.exec(line.description)?.[0]),
      ['it failed for five days', 'its receiver says it is gone'],
    );
  });

  test('a redirect is a failure: nobody is led to another address', async () => {
    await withWebhook({}, async ({ id }) => {
      there.say(302, { location: there.url });
      await rename('Thirteenth Ltd');
      await deliverMessages(world.ctx);
      assert.equal(there.heard.length, 1);
      assert.equal((await deliveries(id))[0]?.status, 302);
    });
  });

  test('several processes at once send each message once', async () => {
    await withWebhook({}, async ({ id }) => {
      for (let number = 0; number < 5; number += 1) await sendTest(world.ctx, ACTOR, id);
      await Promise.all([deliverMessages(world.ctx), deliverMessages(world.ctx), deliverMessages(world.ctx)]);
      assert.equal(there.heard.length, 5);
      assert.equal(new Set(there.heard.map((one) => one.headers['webhook-id'])).size, 5);
    });
  });

  test('sign with the old secret too for a day after it was renewed', async () => {
    await withWebhook({}, async ({ id, secret }) => {
      const fresh = await renewSecret(world.ctx, ACTOR, id);
      await sendTest(world.ctx, ACTOR, id);
      await deliverMessages(world.ctx);
      const { headers, body } = there.heard[0] as Heard;
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const by = (key: string) => new Verifier(key).sign(String(headers['webhook-id']), at, body);
      assert.equal(headers['webhook-signature'], `${by(fresh)} ${by(secret)}`);
      world.clock.turn(days(1));
      await sendTest(world.ctx, ACTOR, id);
      await deliverMessages(world.ctx);
      assert.ok(!(there.heard[1] as Heard).headers['webhook-signature']?.includes(' '));
    });
  });

  test('a message sent once more has the id it had', async () => {
    await withWebhook({}, async ({ id }) => {
      await sendTest(world.ctx, ACTOR, id);
      await assert.rejects(
        async () => replay(world.ctx, ACTOR, id, (await deliveries(id))[0]?.id ?? 0),
        /delivery-waits/,
      );
      await deliverMessages(world.ctx);
      const [first] = await deliveries(id);
      await replay(world.ctx, ACTOR, id, first?.id ?? 0);
      await deliverMessages(world.ctx);
      assert.equal(there.heard.length, 2);
      assert.equal(there.heard[0]?.headers['webhook-id'], there.heard[1]?.headers['webhook-id']);
      assert.match((await deliveryOf(world.ctx, id, first?.id ?? 0)).body, /"webhook.test"/);
    });
  });

  test('no secret stands in the database as it is', async () => {
    await withWebhook({}, async ({ secret }) => {
      const rows = await world.ctx.db.selectFrom('webhooks').selectAll().execute();
      assert.ok(!JSON.stringify(rows).includes(secret));
      assert.ok(!JSON.stringify(rows).includes(secret.slice('whsec_'.length)));
    });
  });

  test('what they were told is forgotten after thirty days', async () => {
    await withWebhook({}, async ({ id }) => {
      await sendTest(world.ctx, ACTOR, id);
      await deliverMessages(world.ctx);
      world.clock.turn(days(30));
      await sweep.run(world.ctx);
      assert.equal((await deliveries(id)).length, 1);
      world.clock.turn(1);
      await sweep.run(world.ctx);
      assert.deepEqual(await deliveries(id), []);
    });
  });

  describe('refuse an address', () => {
    const codeOf = async (url: string): Promise<string | undefined> => {
      try {
        const { id } = await addWebhook(world.ctx, ACTOR, { url, description: '', events: 'every' });
        await removeWebhook(world.ctx, ACTOR, id);
        return undefined;
      } catch (error) {
        return error instanceof Problem ? error.fields['url'] : String(error);
      }
    };
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['https://hooks.example.test/a?b=c', undefined],
      ['ftp://hooks.example.test/', 'webhook-address'],
      ['javascript:alert(1)', 'webhook-address'],
      ['hooks.example.test', 'webhook-address'],
      ['https://user:pass@hooks.example.test/', 'webhook-address-parts'],
      ['https://169.254.169.254/latest/meta-data', 'webhook-address-private'],
      ['https://10.0.0.1/', 'webhook-address-private'],
      ['https://[::1]/', 'webhook-address-private'],
      ['https://[::ffff:10.0.0.1]/', 'webhook-address-private'],
      ['https://0x7f.1/', undefined], // 127.0.0.1, which the operator allowed here
      ['https://2130706434/', 'webhook-address-private'], // 127.0.0.2
      ['https://0/', 'webhook-address-private'],
    ];
    for (const [url, code] of cases)
      test(`${url}: ${code ?? 'none'}`, async () => assert.equal(await codeOf(url), code));
  });

  test('a name that leads to a private address is not followed there', async () => {
    await changeSettings(world.ctx, ACTOR, { 'webhook-private-targets': '10.9.8.7' });
    try {
      const { port } = new URL(there.url);
      await withWebhook({ url: `http://localhost:${port}/hook` }, async ({ id }) => {
        await sendTest(world.ctx, ACTOR, id);
        await deliverMessages(world.ctx);
        assert.equal(there.heard.length, 0);
        assert.match((await deliveries(id))[0]?.failure ?? '', /not a public address/);
      });
    } finally {
      await changeSettings(world.ctx, ACTOR, { 'webhook-private-targets': '127.0.0.1' });
    }
  });

  test('an account is as it was when its webhook is removed at that very moment', async () => {
    const { id } = await addWebhook(world.ctx, ACTOR, { url: there.url, description: '', events: 'every' });
    await Promise.all([removeWebhook(world.ctx, ACTOR, id), rename('Last Ltd')]);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).companyName, 'Last Ltd');
    await deliverMessages(world.ctx);
  });
});
