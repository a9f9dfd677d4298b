// Script in whatever staff, programs, visitors and letters leave behind, looked at by a full administrator on every page of
// the set-up half: it stands there as text, and the page may run nothing of its own anyway.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { allowAddress } from '#domain/administrators/allowed-addresses.ts';
import { addCredential, saveApiRole } from '#domain/administrators/api-credentials.ts';
import { addRole } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { addCurrency } from '#domain/clients/currencies.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { addField } from '#domain/fields/custom-fields.ts';
import { banEmail } from '#domain/guard/banned-emails.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { addTemplate } from '#domain/mail/template-changes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { register } from '#domain/signup/registration.ts';
import { settleRegistrations } from '#domain/signup/registration-settling.ts';
import { changeDestination } from '#domain/sso/destinations.ts';
import { addWebhook, sendTest } from '#domain/webhooks/webhooks.ts';
import { days } from '#kit/duration.ts';
import { findPages } from '#src/app.ts';
import { addSignInRecords } from '#tests/sign-in-records.ts';
import { signedIn } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const SCRIPT = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>';

onBothDatabases('stored script in the set-up pages', (database) => {
  let world: World;
  let root: TestBrowser;
  let ids: {
    role: number;
    staff: number;
    apiRole: number;
    credential: number;
    letter: number;
    template: number;
    banned: number;
    field: number;
    group: number;
    currency: number;
    webhook: number;
    provider: number;
    question: number;
    recovery: number;
  };
  before(async () => {
    world = await testWorld(database);
    const { ctx } = world;
    const visitor: Actor = { kind: 'user', userId: 1, name: SCRIPT, ip: SCRIPT };
    const actor: Actor = { ...systemActor(SCRIPT), ip: SCRIPT };
    const role = await addRole(ctx, actor, { name: SCRIPT, permissions: ['Main Homepage'] });
    const person = { username: 'evil', firstName: SCRIPT, lastName: SCRIPT, email: 'evil@example.test' };
    const staff = await addAdministrator(ctx, actor, { roleId: role, ...person, passwordHash: undefined });
    await changeAdministrator(ctx, actor, staff, { signature: `</textarea>${SCRIPT}`, notes: `</textarea>${SCRIPT}` });
    const apiRole = await saveApiRole(ctx, actor, undefined, {
      name: SCRIPT,
      description: SCRIPT,
      actions: ['getclients'],
    });
    const credential = { roleIds: [apiRole], everyAction: false, allowedAddresses: [], expiresAt: undefined };
    const made = await addCredential(ctx, actor, { administratorId: staff, description: SCRIPT, ...credential });
    await allowAddress(ctx, actor, { range: '192.0.2.1', note: SCRIPT });
    await banAddress(
      ctx,
      { ...actor, ip: '' },
      { range: '192.0.2.9', reason: SCRIPT, expiresAt: undefined, source: SCRIPT },
    );
    await changeDestination(ctx, actor, 'clientarea:emails', 'https://example.test/"><script>alert(1)</script>');
    await changeSettings(ctx, actor, { 'company-name': SCRIPT, 'mail-signature': `</textarea>${SCRIPT}` });
    const letter = await queueLetter(ctx, {
      kind: SCRIPT,
      language: 'en',
      direction: 'ltr',
      to: { address: SCRIPT, name: SCRIPT },
      subject: SCRIPT,
      paragraphs: [SCRIPT, `line\n${SCRIPT}`],
      small: [SCRIPT],
      expiresAt: world.clock.now() + days(1),
    });
    const words = { subject: SCRIPT, body: SCRIPT, small: `</textarea>${SCRIPT}` };
    const template = await addTemplate(ctx, actor, { name: SCRIPT, type: 'general', ...words });
    await ctx.db.updateTable('letters').set({ failure: SCRIPT }).where('id', '=', letter).execute();
    const details = { [SCRIPT]: SCRIPT, before: { [SCRIPT]: SCRIPT }, list: [SCRIPT, { [SCRIPT]: SCRIPT }] };
    await audit(ctx, visitor, { event: SCRIPT, description: SCRIPT, details });
    const banned = await banEmail(ctx, actor, { pattern: 'evil.example', note: SCRIPT });
    const flags = { adminOnly: false, required: false, onOrderForm: true, onInvoice: false, position: 0 };
    const definition = { name: SCRIPT, description: SCRIPT, options: [SCRIPT], pattern: '', ...flags };
    const field = await addField(ctx, actor, { ...definition, type: 'dropdown' });
    const group = await addGroup(ctx, actor, {
      name: SCRIPT,
      colour: '#336699',
      discountPercent: '0.00',
      suspendExempt: false,
      separateInvoices: false,
    });
    const hook = { url: 'https://hooks.example.test/"><script>', description: SCRIPT, events: 'every' } as const;
    const webhook = (await addWebhook(ctx, actor, hook)).id;
    await sendTest(ctx, actor, webhook);
    await ctx.db.updateTable('webhook_deliveries').set({ failure: SCRIPT }).execute();
    await changeSettings(ctx, actor, { 'registration-open': 'on', 'registration-approval': 'all' });
    await register(
      ctx,
      {
        profile: profile({ firstName: SCRIPT, lastName: SCRIPT, companyName: SCRIPT, email: 'new@example.test' }),
        language: '',
        currencyId: undefined,
        marketingOptIn: false,
        fields: new Map(),
        acceptsTerms: true,
        password: 'nine paper boats drifting',
      },
      '192.0.2.77',
    );
    await settleRegistrations(ctx);
    const signIn = await addSignInRecords(world, SCRIPT);
    const currency = await addCurrency(ctx, actor, {
      code: 'XXX',
      prefix: '<script>',
      suffix: '"><img ',
      format: 1,
      rate: '2',
    });
    ids = {
      ...signIn,
      currency,
      role,
      staff,
      apiRole,
      credential: made.id,
      letter,
      template,
      banned,
      field,
      group,
      webhook,
    };
    root = world.browser({ userAgent: SCRIPT });
    await root.signIn('root');
    await signedIn(world, 'root');
  });
  after(() => world.close());

  const path = (address: string): string =>
    address
      .replace('/administrators/:id', `/administrators/${ids.staff}`)
      .replace('/api-roles/:id', `/api-roles/${ids.apiRole}`)
      .replace('/roles/:id', `/roles/${ids.role}`)
      .replace('/api-credentials/:id', `/api-credentials/${ids.credential}`)
      .replace('/letters/:id', `/letters/${ids.letter}`)
      .replace('/letter-templates/:id', `/letter-templates/${ids.template}`)
      .replace('/filters/new', '/filters/new?list=clients')
      .replace('/banned-emails/:id', `/banned-emails/${ids.banned}`)
      .replace('/fields/:id', `/fields/${ids.field}`)
      .replace('/groups/:id', `/groups/${ids.group}`)
      .replace('/currencies/:id', `/currencies/${ids.currency}`)
      .replace('/sign-in-providers/:id', `/sign-in-providers/${ids.provider}`)
      .replace('/security-questions/:id', `/security-questions/${ids.question}`)
      .replace('/recoveries/:id', `/recoveries/${ids.recovery}`)
      .replace('/webhooks/:id', `/webhooks/${ids.webhook}`)
      .replace('/deliveries/:delivery', '/deliveries/1')
      .replace('/registrations/:id', '/registrations/1')
      .replace('/:language', '/en')
      .replace('/destinations/:name', '/destinations/clientarea:emails');

  /** What only a value that broke out of its place could have written; quoted values themselves are taken out first. */
  const inert = (body: string, where: string) => {
    const bare = body.replaceAll(/"[^"]*"/g, '""');
    const broken = /<script(?! type="" src="">)|<img|<[a-z]+[^<>]* on[a-z]+=|<\/textarea>[^<]*<script/i.exec(bare);
    assert.equal(broken?.[0], undefined, where);
  };

  test('no page lets it out of its place, and each shows that it was looked at', async () => {
    const addresses = (await findPages())
      .filter(
        ({ room, page, address }) =>
          room === 'admin' &&
          page.get &&
          !/clients|users|filters\/:id|confirm-identity|:id\/test$|account\/(?:.*:|security\/.*\/)/.test(address),
      )
      .flatMap(({ address }) =>
        address.includes(':area')
          ? ['general', 'people', 'security', 'mail', 'api'].map((area) => address.replace(':area', area))
          : [path(address)],
      );
    let shown = 0;
    for (const address of [
      ...addresses,
      `/admin/log?text=${encodeURIComponent(SCRIPT)}&from=${encodeURIComponent(SCRIPT)}`,
    ]) {
      const answer = await root.get(address);
      assert.equal(answer.statusCode, 200, address);
      inert(answer.body, address);
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'.*script-src 'self'/, address);
      if (/&lt;script&gt;alert/.test(answer.body)) shown += 1;
    }
    assert.ok(shown > 30, `${shown} pages showed it`);
  });

  test('what is typed into a form comes back as text', async () => {
    const fields = {
      name: SCRIPT,
      firstName: SCRIPT,
      username: SCRIPT,
      email: SCRIPT,
      range: SCRIPT,
      reason: SCRIPT,
      note: SCRIPT,
      address: SCRIPT,
      description: '',
      allowedAddresses: `</textarea>${SCRIPT}`,
      'accent-colour': SCRIPT,
      permissions: [SCRIPT],
      actions: [SCRIPT],
      role: SCRIPT,
    };
    for (const address of [
      '/admin/administrators/new',
      '/admin/roles/new',
      '/admin/api-roles/new',
      '/admin/api-credentials/new',
      '/admin/allowed-addresses',
      '/admin/bans/new',
      '/admin/destinations/clientarea:emails',
      '/admin/settings/general',
    ]) {
      const answer = await root.post(address, fields);
      assert.ok([403, 422].includes(answer.statusCode), `${address} ${answer.statusCode}`);
      inert(answer.body, address);
    }
  });
});
