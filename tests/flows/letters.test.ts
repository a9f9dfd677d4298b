// Letters as staff edit and send them, as programs send them, and as the people of an account read them again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serialize } from 'php-serialize';
import { addMember, changePermissions } from '#domain/access/member-changes.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { addRole, changeRole, listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { findTemplateByName, templateOf } from '#domain/mail/email-templates.ts';
import { CLIENT_FIELDS, COMMON_FIELDS } from '#domain/mail/merge-fields.ts';
import { letterHistory, letterOf, liveLetterOf, queueLetter } from '#domain/mail/outbox.ts';
import { addTemplate, changeDelivery } from '#domain/mail/template-changes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { hours } from '#kit/duration.ts';
import { leadsTo, staffWith, stateOf, wordsOf, wrongFields } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const encoded = (map: unknown): string => Buffer.from(serialize(map)).toString('base64');

onBothDatabases('letters', (database) => {
  let world: World;
  let newsId: number;
  before(async () => {
    world = await testWorld(database);
    newsId = await addTemplate(world.ctx, actor, {
      name: 'Monthly News',
      type: 'general',
      subject: 'News for {{ client_first_name }}',
      body: '<p>Dear {{ client_name }}, ticket {{ ticket }} of {{ client_company_name }}.</p>',
      small: '',
    });
  });
  after(() => world.close());

  const message = async (action: string, values: Readonly<Record<string, string | number>>): Promise<string> => {
    const { body } = await world.api(action, values);
    return body['result'] === 'success' ? 'success' : String(body['message']);
  };
  const newest = async (filter: { clientId?: number } = {}) => {
    const [letter] = await letterHistory(world.ctx, filter, { limit: 1 });
    assert.ok(letter);
    return letterOf(world.ctx, letter.id);
  };

  describe('SendEmail', () => {
    const CASES: readonly [string, Record<string, string | number>, string][] = [
      ['nothing', {}, 'You must provide either an existing email template name or a custom message type'],
      ['another type', { customtype: 'evil', id: 1 }, 'Invalid message type provided'],
      [
        'no subject',
        { customtype: 'general', custommessage: 'x', id: 1 },
        'A subject is required for a custom message',
      ],
      [
        'no message',
        { customtype: 'general', customsubject: 'x', id: 1 },
        'A message body is required for a custom message',
      ],
      ['no id', { messagename: 'Monthly News' }, 'A related ID is required'],
      ['id 0', { messagename: 'Monthly News', id: 0 }, 'A related ID is required'],
      ['an id that is none', { messagename: 'Monthly News', id: '1 or 1=1' }, 'A related ID is required'],
      [
        'variables that cannot be read',
        { messagename: 'Monthly News', id: 1, customvars: 'x' },
        'The custom variables you provided are invalid.',
      ],
      [
        'variables that are an object',
        { messagename: 'Monthly News', id: 1, customvars: Buffer.from('O:8:"stdClass":0:{}').toString('base64') },
        'The custom variables you provided are invalid.',
      ],
      [
        'variables in variables',
        { messagename: 'Monthly News', id: 1, customvars: encoded({ a: { b: 'c' } }) },
        'The custom variables you provided are invalid.',
      ],
      ['no such template', { messagename: 'Nothing', id: 1 }, 'Email Template not found'],
      ['a reset', { messagename: 'Password Reset Validation', id: 1 }, 'Sending Failed. Please see documentation.'],
      ['a letter to staff', { messagename: 'Admin Invitation', id: 1 }, 'Sending Failed. Please see documentation.'],
      ['no such client', { messagename: 'Monthly News', id: 999_999 }, 'Sending Failed. Please see documentation.'],
      [
        'about an invoice',
        { customtype: 'invoice', customsubject: 's', custommessage: 'm', id: 1 },
        'Sending Failed. Please see documentation.',
      ],
      [
        'a message that cannot be filled in',
        { customtype: 'general', customsubject: 's', custommessage: '{% include "/etc/passwd" %}', id: 1 },
        'Sending Failed. Please see documentation.',
      ],
    ];
    for (const [name, values, says] of CASES)
      test(`${name}: ${says}`, async () => {
        const before = (await letterHistory(world.ctx, {}, { limit: 100 })).length;
        assert.equal(await message('SendEmail', values), says);
        assert.equal((await letterHistory(world.ctx, {}, { limit: 100 })).length, before, 'nothing was sent');
      });

    test('a template goes to the client with what the program gives, in PHP’s form or JSON', async () => {
      const { clientId } = world.cast.ada;
      for (const customvars of [
        encoded({ ticket: 'T-1 <b>' }),
        Buffer.from('{"ticket":"T-1 <b>"}').toString('base64'),
      ]) {
        assert.equal(await message('SendEmail', { messagename: 'monthly news', id: clientId, customvars }), 'success');
        const letter = await newest({ clientId });
        assert.deepEqual([letter.to, letter.subject, letter.kind], ['ada@example.test', 'News for Ada', 'custom']);
        assert.match(letter.text, /Dear Ada Lovelace, ticket T-1 <b> of Analytical Engines Ltd\./);
        assert.match(letter.html, /ticket T-1 &lt;b&gt; of/);
      }
    });

    test('a program cannot give another value to what is known of the client, nor reach what is behind', async () => {
      const json =
        '{"client_name":"Eve","company_name":"Evil","__proto__":"x","constructor":"y","ticket":"{{ client_email }}"}';
      const customvars = Buffer.from(json).toString('base64');
      assert.equal(
        await message('SendEmail', { messagename: 'Monthly News', id: world.cast.ada.clientId, customvars }),
        'success',
      );
      assert.match((await newest()).text, /Dear Ada Lovelace, ticket \{\{ client_email \}\} of/);
    });

    test('a message of the caller’s own may be HTML and have fields in either way of writing; a script is left out', async () => {
      const given = {
        customtype: 'general',
        customsubject: 'Hello {$client_first_name}\r\nBcc: eve@example.test',
        custommessage: '<p>Dear {$client_name},</p><script>alert(1)</script><p onclick="x">{{ more }}<br>bye</p>',
        customvars: encoded({ more: 'one\ntwo' }),
        id: world.cast.ada.clientId,
      };
      assert.equal(await message('SendEmail', given), 'success');
      const letter = await newest();
      assert.equal(letter.subject, 'Hello Ada  Bcc: eve@example.test');
      assert.match(letter.text, /Dear Ada Lovelace,\n\none\ntwo\nbye/);
      assert.doesNotMatch(letter.html, /script|onclick/);
    });

    test('every common field, and every field of a client, is filled in as it is known', async () => {
      const { clientId } = world.cast.ada;
      assert.equal(await message('AddCredit', { clientid: clientId, description: 'x', amount: '24.50' }), 'success');
      const names = [...Object.keys(CLIENT_FIELDS), ...COMMON_FIELDS];
      const custommessage = names.map((name) => `${name}=[{$${name}}]`).join('\n\n');
      const given = { customtype: 'general', customsubject: 's', custommessage, id: clientId };
      assert.equal(await message('SendEmail', given), 'success');
      const { text } = await newest();
      const told = Object.fromEntries([...text.matchAll(/^(\w+)=\[(.*)\]$/gm)].map(([, name, value]) => [name, value]));
      assert.deepEqual(told, {
        client_id: String(clientId),
        client_name: 'Ada Lovelace',
        client_first_name: 'Ada',
        client_last_name: 'Lovelace',
        client_company_name: 'Analytical Engines Ltd',
        client_email: 'ada@example.test',
        client_address1: '12 Placeholder Road',
        client_address2: '',
        client_city: 'Sampletown',
        client_state: 'Sampleshire',
        client_postcode: 'AB12 3CD',
        client_country: 'United Kingdom',
        client_phonenumber: '+44.2079460000',
        client_tax_id: '',
        client_group_name: '',
        client_status: 'Active',
        client_credit: '$24.50 USD',
        client_signup_date: 'June 1, 2026',
        client_language: 'English',
        company_name: 'Doorward',
        system_url: 'http://localhost:8080',
        support_email: '',
        signature: '',
        date: 'June 1, 2026',
        time: '12:00 PM UTC',
      });
    });

    test('the shipped letter of a sign-up can be sent again, and one that is switched off cannot', async () => {
      const values = { messagename: 'Client Signup Email', id: world.cast.ada.clientId };
      assert.equal(await message('SendEmail', values), 'success');
      assert.match((await newest()).text, /Sign in with ada@example\.test/);
      const template = await findTemplateByName(world.ctx, 'Client Signup Email');
      assert.ok(template);
      await changeDelivery(world.ctx, actor, template.id, { isOff: true, copies: '' });
      assert.equal(await message('SendEmail', values), 'Email Template is disabled');
      await changeDelivery(world.ctx, actor, template.id, { isOff: false, copies: '' });
    });

    test('a client who wants no letters of the kind gets none', async () => {
      const { clientId } = world.cast.eve;
      const preferences = { invoice: true, support: true, product: true, domain: true, affiliate: true };
      await changeClient(world.ctx, actor, clientId, { emailPreferences: { ...preferences, general: false } });
      assert.equal(
        await message('SendEmail', { messagename: 'Monthly News', id: clientId }),
        'Sending Failed. Please see documentation.',
      );
      await changeClient(world.ctx, actor, clientId, { emailPreferences: { ...preferences, general: true } });
    });
  });

  describe('SendAdminEmail', () => {
    const toStaff = async (given: Record<string, string | number>): Promise<string[]> => {
      const before = (await letterHistory(world.ctx, {}, { limit: 1 }))[0]?.id ?? 0;
      assert.equal(await message('SendAdminEmail', given), 'success');
      return (await letterHistory(world.ctx, {}, { limit: 10 }))
        .filter(({ id }) => id > before)
        .map(({ to }) => to)
        .sort();
    };

    test('goes to those whose role gets letters of the kind; full administrators get all', async () => {
      const own = { customsubject: 'Disk is full', custommessage: 'On {$host}', 'mergefields[host]': 'web1' };
      assert.deepEqual(await toStaff(own), ['root@staff.example.test']);
      assert.match((await newest()).text, /On web1/);
      const support = (await listRoles(world.ctx)).find(({ name }) => name === 'Support Operator');
      assert.ok(support);
      await changeRole(world.ctx, actor, support.id, { ...support, mailKinds: ['support'] });
      assert.deepEqual(await toStaff({ ...own, type: 'support', deptid: 1 }), [
        'root@staff.example.test',
        'sam@staff.example.test',
      ]);
      assert.deepEqual(await toStaff({ ...own, type: 'account' }), ['root@staff.example.test']);
      await changeRole(world.ctx, actor, support.id, { name: support.name, permissions: support.permissions });
      assert.deepEqual(
        (await listRoles(world.ctx)).find(({ id }) => id === support.id)?.mailKinds,
        ['support'],
        'what is left out stays',
      );
      await addRole(world.ctx, actor, {
        name: 'Unknown kinds',
        permissions: ['Main Homepage'],
        mailKinds: ['evil', 'system'],
      });
      assert.deepEqual((await listRoles(world.ctx)).at(-1)?.mailKinds, ['system']);
    });

    test('by a template for staff, and by no other', async () => {
      await addTemplate(world.ctx, actor, {
        name: 'Night Report',
        type: 'admin',
        subject: 'For {{ admin_first_name }}',
        body: 'Load {{ load }}',
        small: '',
      });
      assert.deepEqual(await toStaff({ messagename: 'Night Report', mergefields: encoded({ load: '0.3' }) }), [
        'root@staff.example.test',
      ]);
      assert.deepEqual([(await newest()).subject, /Load 0\.3/.test((await newest()).text)], ['For root', true]);
      for (const messagename of ['Monthly News', 'Admin Invitation', 'Nothing'])
        assert.equal(await message('SendAdminEmail', { messagename }), 'Email Template not found');
      assert.equal(
        await message('SendAdminEmail', { customsubject: 'x' }),
        'A message body is required for a custom message',
      );
    });
  });

  test('GetEmailTemplates names them by type, with their subject', async () => {
    const { body } = await world.api('GetEmailTemplates', { type: 'general', language: 'english' });
    const list = (
      body['emailtemplates'] as { emailtemplate: { id: string; name: string; subject: string; custom: string }[] }
    ).emailtemplate;
    assert.equal(body['totalresults'], String(list.length));
    assert.deepEqual(
      list.find(({ name }) => name === 'Monthly News'),
      { id: String(newsId), name: 'Monthly News', subject: 'News for {{ client_first_name }}', custom: '1' },
    );
    assert.equal(list.find(({ name }) => name === 'Password Reset Validation')?.custom, '0');
    assert.ok(!list.some(({ name }) => name.startsWith('Admin ')));
    const subjects = async (language: string): Promise<unknown[]> => {
      const answer = (await world.api('GetEmailTemplates', { type: 'general', language })).body['emailtemplates'];
      return (answer as { emailtemplate: { subject: string }[] }).emailtemplate.map((one) => one.subject);
    };
    assert.ok((await subjects('german')).includes('Neues Passwort für {{ company_name }} wählen'));
    await changeSettings(world.ctx, actor, { 'default-language': 'german' });
    for (const none of ['', 'klingon']) assert.deepEqual(await subjects(none), await subjects('german'), 'the default');
    await changeSettings(world.ctx, actor, { 'default-language': 'english' });
    assert.equal((await world.api('GetEmailTemplates', { type: 'nothing' })).body['totalresults'], '0');
  });

  test('GetEmails tells the letters of a client, part by part, by subject and day', async () => {
    const { clientId } = world.cast.cleo;
    for (const subject of ['First 100%', 'Second', 'first again']) {
      await queueLetter(world.ctx, {
        kind: 'x',
        language: 'en',
        direction: 'ltr',
        to: { address: 'cleo@example.test', name: '' },
        subject,
        paragraphs: ['p'],
        small: [],
        expiresAt: world.ctx.now() + hours(1),
        clientId,
      });
      world.clock.turn(hours(13));
    }
    const told = async (more: Record<string, string | number> = {}) => {
      const { body } = await world.api('GetEmails', { clientid: clientId, ...more });
      const { email } = body['emails'] as {
        email: { subject: string; userid: number; pending: number; message: string }[];
      };
      return { total: body['totalresults'], subjects: email.map((one) => one.subject), email };
    };
    assert.deepEqual((await told()).subjects, ['first again', 'Second', 'First 100%']);
    assert.deepEqual((await told({ limitstart: 1, limitnum: 1 })).subjects, ['Second']);
    assert.deepEqual(
      [
        (await told({ subject: 'FIRST' })).total,
        (await told({ subject: '0%' })).total,
        (await told({ subject: '_' })).total,
      ],
      [2, 1, 0],
    );
    assert.deepEqual((await told({ date: '2026-06-02' })).subjects, ['first again', 'Second']);
    assert.deepEqual((await told({ date: '2026-06-01 12:00:00' })).subjects, ['First 100%']);
    assert.equal((await told({ date: 'never' })).total, 0);
    assert.deepEqual([(await told()).email[0]?.userid, (await told()).email[0]?.pending], [clientId, 1]);
    assert.equal(await message('GetEmails', { clientid: 999_999 }), 'Client ID Not Found');
  });

  describe('the pages of staff', () => {
    let editor: TestBrowser;
    let resetId: number;
    const EDIT: Permission[] = ['View Email Templates', 'Create/Edit Email Templates'];
    const TEXT = { subject: 'Changed {{ name }}', body: 'Hi {{ name }}\n\n{% button %}', small: 'why' };
    before(async () => {
      editor = await staffWith(world, EDIT);
      const template = await findTemplateByName(world.ctx, 'Password Reset Validation');
      resetId = template?.id ?? 0;
    });

    test('a text is previewed, kept, sent to oneself, set back', async () => {
      const path = `/admin/letter-templates/${resetId}/en`;
      const list = await editor.get('/admin/letter-templates');
      assert.match(list.body, new RegExp(`href="${path}"`));
      const seen = await editor.post(path, {
        ...TEXT,
        body: 'Preview for {{ name }} {% button "Go" %}',
        act: 'preview',
      });
      assert.match(wordsOf(seen), /Preview for Robin Sample Go/);
      assert.deepEqual((await templateOf(world.ctx, resetId)).texts, [], 'looking keeps nothing');
      assert.equal(leadsTo(await editor.post(path, TEXT)), path);
      assert.equal((await templateOf(world.ctx, resetId)).texts[0]?.subject, TEXT.subject);
      assert.equal(leadsTo(await editor.post(`${path}/test`, {}, { from: path })), path);
      const letter = await newest();
      assert.match(letter.to, /^staff\w+@staff\.example\.test$/);
      assert.equal(letter.subject, 'Changed Robin Sample');
      assert.match(wordsOf(await editor.get(`${path}/reset`)), /Your text in English is gone/);
      await editor.post(`${path}/reset`);
      assert.deepEqual((await templateOf(world.ctx, resetId)).texts, []);
    });

    test('a text that will not do is refused with its fault at its field, and nothing typed is lost', async () => {
      const path = `/admin/letter-templates/${resetId}/en`;
      const refused = await editor.post(path, { ...TEXT, body: 'no <link> & {{ nothing }}' });
      assert.equal(refused.statusCode, 422);
      assert.deepEqual(wrongFields(refused), ['body']);
      assert.match(refused.body, /no &lt;link&gt; &amp; \{\{ nothing \}\}<\/textarea>/);
    });

    test('a script in a text comes out of no page', async () => {
      const given = {
        ...TEXT,
        act: 'preview',
        subject: '<script>alert(1)</script>',
        body: '<script>alert(2)</script><img src=x onerror=alert(3)>{{ "<script>" }}{% button %}',
        small: '"><script>alert(4)</script>',
      };
      const seen = await editor.post(`/admin/letter-templates/${resetId}/en`, given);
      assert.doesNotMatch(seen.body, /<script>|<img src=x/);
      assert.match(String(seen.headers['content-security-policy']), /default-src 'none'/);
    });

    test('who may look may not write, who may write may not delete', async () => {
      const viewer = await staffWith(world, ['View Email Templates']);
      const before = await stateOf(world);
      assert.equal((await viewer.get(`/admin/letter-templates/${resetId}/en`)).statusCode, 200);
      for (const path of [
        `/admin/letter-templates/${resetId}/en`,
        `/admin/letter-templates/${resetId}`,
        `/admin/letter-templates/${newsId}/en/reset`,
        `/admin/letter-templates/${newsId}/removal`,
        '/admin/letter-templates/new',
        `/admin/letter-templates/${resetId}/en/test`,
      ]) {
        const answer = await viewer.post(
          path,
          { ...TEXT, name: 'x', type: 'general', sent: '1', copies: '' },
          { from: '/admin/letter-templates' },
        );
        const csrf = /name="csrf" value="([^"]*)"/.exec((await viewer.get('/admin/account/password')).body)?.[1] ?? '';
        const raw = await viewer.postRaw(path, { csrf, ...TEXT, act: 'preview' });
        assert.deepEqual([answer.statusCode, raw.statusCode], [403, 403], path);
      }
      assert.equal(
        (
          await editor.post(
            `/admin/letter-templates/${newsId}/removal`,
            {},
            { from: `/admin/letter-templates/${newsId}` },
          )
        ).statusCode,
        403,
      );
      assert.deepEqual((await templateOf(world.ctx, resetId)).texts, []);
      assert.equal((await templateOf(world.ctx, newsId)).copies.length, 0);
      const after = await stateOf(world);
      for (const table of ['letters', 'settings', 'administrators']) assert.equal(after[table], before[table], table);
      const stranger = await staffWith(world, ['List Clients']);
      assert.equal((await stranger.get('/admin/letter-templates')).statusCode, 403);
    });

    test('a language other than English asks a permission of its own, for keeping, looking ahead and setting back', async () => {
      const path = `/admin/letter-templates/${resetId}/de`;
      const german = { ...TEXT, subject: 'Geändert {{ name }}' };
      const texts = async (): Promise<string[]> =>
        (await templateOf(world.ctx, resetId)).texts.map((one) => one.subject);
      const csrf = /name="csrf" value="([^"]*)"/.exec((await editor.get('/admin/account/password')).body)?.[1] ?? '';
      for (const fields of [german, { ...german, act: 'preview' }]) {
        const refused = await editor.postRaw(path, { csrf, ...fields });
        assert.equal(refused.statusCode, 403);
        assert.match(refused.body, /Manage Email Template Languages/);
      }
      assert.deepEqual(await texts(), []);
      const linguist = await staffWith(world, [...EDIT, 'Manage Email Template Languages']);
      assert.equal(leadsTo(await linguist.post(path, german)), path);
      assert.deepEqual(await texts(), [german.subject]);
      assert.equal((await editor.postRaw(`${path}/reset`, { csrf })).statusCode, 403);
      assert.deepEqual(await texts(), [german.subject]);
      await linguist.post(`${path}/reset`);
      assert.deepEqual(await texts(), []);
    });

    test('a letter of one’s own is made, switched off, deleted', async () => {
      const owner = await staffWith(world, [...EDIT, 'Delete Email Templates']);
      const refused = await owner.post('/admin/letter-templates/new', {
        name: 'monthly NEWS',
        type: 'general',
        subject: 's',
        body: 'b',
        small: '',
      });
      assert.deepEqual(wrongFields(refused), ['name']);
      const made = leadsTo(
        await owner.post('/admin/letter-templates/new', {
          name: 'Short',
          type: 'general',
          subject: 's',
          body: 'b',
          small: '',
        }),
      );
      const id = Number(/\/(\d+)\/en$/.exec(made)?.[1]);
      const home = `/admin/letter-templates/${id}`;
      await owner.post(home, { copies: 'boss@example.test' });
      assert.deepEqual(
        [(await templateOf(world.ctx, id)).isOff, (await templateOf(world.ctx, id)).copies],
        [true, ['boss@example.test']],
      );
      assert.deepEqual(wrongFields(await owner.post(home, { sent: '1', copies: 'nobody' })), ['copies']);
      assert.equal(leadsTo(await owner.post(`${home}/removal`)), '/admin/letter-templates');
      assert.equal((await owner.get(made)).statusCode, 404);
    });

    test('a letter to a client is chosen, looked at and sent; without the permission it is not', async () => {
      const sender = await staffWith(world, [
        'List Clients',
        'View Clients Summary',
        'View Email Message Log',
        'Mass Mail',
      ]);
      const { clientId } = world.cast.ada;
      const path = `/admin/clients/${clientId}/letters/new`;
      assert.match((await sender.get(`/admin/clients/${clientId}/letters`)).body, new RegExp(`href="${path}"`));
      assert.match(wordsOf(await sender.get(path)), /Monthly News/);
      const look = await sender.get(`${path}?template=${newsId}`);
      assert.match(wordsOf(look), /News for Ada[\s\S]*Dear Ada Lovelace[\s\S]*ada@example\.test/);
      assert.equal(leadsTo(await sender.post(`${path}?template=${newsId}`)), `/admin/clients/${clientId}/letters`);
      assert.equal((await newest({ clientId })).subject, 'News for Ada');
      const own = { subject: 'For {{ client_first_name }}', body: 'Only you, {{ client_name }}' };
      assert.match(
        wordsOf(await sender.post(`${path}?template=own`, { ...own, act: 'preview' })),
        /Only you, Ada Lovelace/,
      );
      assert.equal((await newest({ clientId })).subject, 'News for Ada', 'looking sends nothing');
      await sender.post(`${path}?template=own`, own);
      assert.equal((await newest({ clientId })).subject, 'For Ada');
      assert.deepEqual(wrongFields(await sender.post(`${path}?template=own`, { subject: '', body: 'x' })), ['subject']);
      assert.deepEqual(wrongFields(await sender.post(`${path}?template=own`, { subject: 'x', body: '{{ y' })), [
        'body',
      ]);
      assert.equal((await sender.get(`${path}?template=${resetId}`)).statusCode, 404, 'a reset is not sent by hand');
      assert.equal((await editor.get(path)).statusCode, 403);
    });
  });

  test('what staff wrote to a client goes again as it was, while its address still gets letters; no other does', async () => {
    const { clientId } = world.cast.cleo;
    const own = { customtype: 'general', customsubject: 'Once', custommessage: 'Only {$client_name}', id: clientId };
    assert.equal(await message('SendEmail', own), 'success');
    const first = await newest({ clientId });
    const sender = await staffWith(world, ['View Email Message Log', 'Mass Mail']);
    const path = `/admin/letters/${first.id}`;
    const again = () => sender.post(`${path}/fresh-letter`, {}, { from: '/admin/account/password' });
    assert.equal((await again()).statusCode, 409, 'while it waits it leaves by itself');
    await world.ctx.db
      .updateTable('letters')
      .set({ state: 'failed', sealed: null })
      .where('id', '=', first.id)
      .execute();
    assert.match(wordsOf(await sender.get(path)), /Send it again/);
    const reader = await staffWith(world, ['View Email Message Log']);
    assert.doesNotMatch((await reader.get(path)).body, /Send it again/);
    const refused = await reader.post(`${path}/fresh-letter`, {}, { from: '/admin/account/password' });
    assert.deepEqual([refused.statusCode, /Mass Mail/.test(refused.body)], [403, true]);
    assert.equal(leadsTo(await again()), '/admin/letters');
    const second = await newest({ clientId });
    assert.notEqual(second.id, first.id);
    assert.deepEqual(
      [second.to, second.subject, second.text, second.html, second.state],
      [first.to, first.subject, first.text, first.html, 'waiting'],
    );
    assert.equal((await liveLetterOf(world.ctx, second.id)).text, first.text);
    const preferences = { general: false, invoice: true, support: true, product: true, domain: true, affiliate: true };
    await changeClient(world.ctx, actor, clientId, { emailPreferences: preferences });
    assert.equal((await again()).statusCode, 409, 'whoever wants none gets none');
    await changeClient(world.ctx, actor, clientId, { emailPreferences: { ...preferences, general: true } });
    const masked = await queueLetter(world.ctx, {
      kind: 'custom',
      language: 'en',
      direction: 'ltr',
      to: { address: first.to, name: '' },
      subject: 'With a link',
      paragraphs: ['p'],
      button: { label: 'Open', url: 'https://door.example/secret-link', orCopy: 'Or' },
      small: [],
      expiresAt: world.ctx.now() + hours(1),
      clientId,
    });
    await world.ctx.db.updateTable('letters').set({ state: 'failed', sealed: null }).where('id', '=', masked).execute();
    const link = await sender.post(`/admin/letters/${masked}/fresh-letter`, {}, { from: '/admin/account/password' });
    assert.equal(link.statusCode, 409, 'a masked link goes nowhere');
    assert.equal((await newest({ clientId })).id, masked);
  });

  describe('the e-mails of an account', () => {
    const permissionless = ['products'] as const;
    test('are read by whoever may, with their links masked, and by nobody else', async () => {
      const { ada, ben, eve } = world.cast;
      const id = await queueLetter(world.ctx, {
        kind: 'x',
        language: 'en',
        direction: 'ltr',
        to: { address: ada.email, name: '' },
        subject: 'About <b>you</b>',
        paragraphs: ['Words <script>alert(1)</script>'],
        button: { label: 'Open', url: 'https://door.example/secret-link', orCopy: 'Or' },
        small: [],
        expiresAt: world.ctx.now() + hours(1),
        clientId: ada.clientId,
      });
      const list = `/account/${ada.clientId}/emails`;
      const owner = world.browser();
      await owner.signIn(ada.email);
      assert.match(wordsOf(await owner.get(list)), /About <b>you<\/b>/);
      const read = await owner.get(`${list}/${id}`);
      assert.match(wordsOf(read), /Words <script>alert\(1\)<\/script>/);
      assert.doesNotMatch(read.body, /secret-link|<script>alert/);
      const guest = world.browser();
      await guest.signIn(ben.email);
      await changePermissions(world.ctx, actor, ben.id, ada.clientId, [...permissionless]);
      for (const path of [list, `${list}/${id}`]) assert.equal((await guest.get(path)).statusCode, 403);
      await changePermissions(world.ctx, actor, ben.id, ada.clientId, ['emails']);
      assert.equal((await guest.get(`${list}/${id}`)).statusCode, 200);
      const other = world.browser();
      await other.signIn(eve.email);
      assert.equal((await other.get(`${list}/${id}`)).statusCode, 404);
      assert.equal(
        (await other.get(`/account/${eve.clientId}/emails/${id}`)).statusCode,
        404,
        'by another account’s address',
      );
      await addMember(world.ctx, actor, ben.id, eve.clientId, ['emails']);
      assert.equal(
        (await guest.get(`/account/${eve.clientId}/emails/${id}`)).statusCode,
        404,
        'nor for who may read both',
      );
    });

    test('what goes to a person about themselves stands in no account’s list', async () => {
      const { ada } = world.cast;
      const id = await queueLetter(world.ctx, {
        kind: 'x',
        language: 'en',
        direction: 'ltr',
        to: { address: ada.email, name: '' },
        subject: 'To the person',
        paragraphs: ['p'],
        small: [],
        expiresAt: world.ctx.now() + hours(1),
        userId: ada.id,
      });
      const owner = world.browser();
      await owner.signIn(ada.email);
      assert.doesNotMatch((await owner.get(`/account/${ada.clientId}/emails`)).body, /To the person/);
      assert.equal((await owner.get(`/account/${ada.clientId}/emails/${id}`)).statusCode, 404);
    });
  });
});
