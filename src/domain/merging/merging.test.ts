// Merging: every kind of row walks over and back, the target wins, one of many tries does it, and nothing is left in between.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { deleteClient } from '#domain/access/deletion.ts';
import { putSecondFactorRule } from '#domain/access/entry-rules.table.ts';
import { invitationsOf, invite } from '#domain/access/invitations.ts';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import { findMember, findMembership, ownerIdOf } from '#domain/access/members.ts';
import { makeOwner } from '#domain/access/ownership.ts';
import { offerOwnership, ownershipOfferOf } from '#domain/access/ownership-offers.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { addAlert, alertsOf } from '#domain/alerts/alerts.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines, pageOfLinesAbout } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { clientCounts, listClients } from '#domain/clients/client-list.view.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf, findClient } from '#domain/clients/clients.ts';
import { changeConsent } from '#domain/consent/consent.ts';
import { addContact, contactsOf, removeContact } from '#domain/contacts/contacts.ts';
import { changeCredit, creditsOf } from '#domain/credit/credit.ts';
import { addField } from '#domain/fields/custom-fields.ts';
import { revealValue, storeValues, valuesFor } from '#domain/fields/field-values.ts';
import { addFile, fileOf } from '#domain/files/files.ts';
import { mergePlan } from '#domain/merging/merge-plan.ts';
import { undoMerge } from '#domain/merging/merge-undo.ts';
import { mergesInto, numbersOf, UNDO_MERGE_MS, whereItWent } from '#domain/merging/merges.ts';
import { mergeClients } from '#domain/merging/merging.ts';
import job from '#domain/merging/settle-merges.job.ts';
import { addNote, noteOf, removeNote } from '#domain/notes/notes.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { removeUser } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Person } from '#tests/people.ts';
import { newAccount, newPerson } from '#tests/people.ts';
import { atOnce, meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');

/** What becomes of each table that names a client by number. A new one has to be thought of here, and in merging. */
const TABLES: Readonly<Record<string, 'moves' | 'aside' | 'ends' | 'stays' | 'follows'>> = {
  members: 'moves',
  contacts: 'moves',
  client_notes: 'moves',
  client_files: 'moves',
  letters: 'moves',
  consent_log: 'moves',
  client_alerts: 'moves',
  custom_field_values: 'moves',
  invitations: 'aside',
  former_members: 'aside',
  ownership_transfers: 'aside',
  entry_rules: 'aside',
  sso_tokens: 'ends',
  audit_log: 'stays',
  credit_log: 'stays',
  acting_visits: 'stays',
  owner_drift: 'follows',
};

onBothDatabases('merging', (database) => {
  let world: World;
  let ctx: Context;
  let fields: { text: number; other: number; secret: number };
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    const field = { description: '', options: [], pattern: '', adminOnly: false, required: false };
    const more = { ...field, onOrderForm: false, onInvoice: false, position: 1 };
    fields = {
      text: await addField(ctx, STAFF, { ...more, name: 'Text', type: 'text' }),
      other: await addField(ctx, STAFF, { ...more, name: 'Other', type: 'text' }),
      secret: await addField(ctx, STAFF, { ...more, name: 'Secret', type: 'password' }),
    };
  });
  after(() => world.close());

  const account = async (): Promise<{ id: number; owner: Person; name: string }> => {
    const { clientId: id, owner } = await newAccount(ctx);
    await putSecondFactorRule(ctx, id, true);
    return { id, owner, name: (await clientOf(ctx, id)).companyName };
  };
  const credit = (id: number, type: 'add' | 'remove', amountMinor: number) =>
    changeCredit(ctx, STAFF, id, { type, amountMinor, description: 'Test' });
  const fill = (id: number, values: readonly [number, string][]) =>
    ctx.transaction((tx) => storeValues(tx, STAFF, id, new Map(values), { audience: 'staff' }));
  const upload = { filename: 'a.txt', bytes: Buffer.from('hello\n') };
  const nobody = { permissions: ['tickets'] as const, serviceIds: [], mayInvite: false };
  const invitation = (email: string) => ({ ...nobody, email, startsAt: undefined, endsAt: undefined });

  /** An account with some of everything; the member has a term, services and the right to invite. */
  const furnished = async () => {
    const { id, owner, name } = await account();
    const [member, former, before] = [await newPerson(ctx), await newPerson(ctx), await newPerson(ctx)];
    await addMember(ctx, STAFF, member.id, id, ['orders', 'tickets'], {
      serviceIds: [4, 7],
      mayInvite: true,
      endsAt: ctx.now() + days(60),
    });
    await addMember(ctx, STAFF, former.id, id, ['orders']);
    await removeMember(ctx, STAFF, former.id, id);
    await addMember(ctx, STAFF, before.id, id, ['orders']);
    await makeOwner(ctx, STAFF, id, before.id);
    await makeOwner(ctx, STAFF, id, owner.id);
    await removeMember(ctx, STAFF, before.id, id);
    const contact = await addContact(ctx, STAFF, id, { firstName: 'Own', email: `own${id}@example.test` }, []);
    const twin = await addContact(ctx, STAFF, id, { firstName: 'Twin', email: 'TWIN@example.test' }, []);
    await changeClient(ctx, STAFF, id, { billingContactId: twin });
    const note = await addNote(ctx, STAFF, id, { body: 'Remember', isSticky: true });
    const file = await addFile(ctx, STAFF, id, { upload, title: '', adminOnly: false });
    const alert = await addAlert(ctx, STAFF, id, { text: 'Look', tone: 'info', link: '' });
    await changeConsent(ctx, STAFF, id, true, { source: 'staff', reason: 'asked' });
    await fill(id, [
      [fields.text, `text of ${id}`],
      [fields.secret, `secret of ${id}`],
    ]);
    await credit(id, 'add', 700);
    await invite(ctx, STAFF, id, invitation(`guest${id}@example.test`));
    return { id, owner, name, member, former, contact, twin, note, file, alert };
  };

  /** Every row that names one of these clients, but for what merging rightly changes: invitations are called off, those who leave are remembered. */
  const rowsOf = async (ids: readonly number[]): Promise<Record<string, unknown[]>> => {
    const rows: Record<string, unknown[]> = {};
    for (const [name, becomes] of Object.entries(TABLES)) {
      if (becomes === 'stays' || becomes === 'ends') continue;
      const found = await sql<Record<string, unknown>>`
        select * from ${sql.table(name)} where client_id in (${sql.join(ids)})`.execute(ctx.db);
      const plain = found.rows.map((row) =>
        JSON.stringify(
          Object.entries(row).filter(
            ([column]) => !(name === 'invitations' && ['state', 'ended_at'].includes(column)) && !(name === 'letters'),
          ),
        ),
      );
      rows[name] = [
        ...plain,
        ...(name === 'letters' ? found.rows.map((row) => `${row['id']} ${row['client_id']}`) : []),
      ].sort();
    }
    rows['clients'] = (
      await sql<Record<string, unknown>>`select * from clients where id in (${sql.join(ids)}) order by id`.execute(
        ctx.db,
      )
    ).rows;
    return rows;
  };

  test('every table that names a client has its place in merging', async () => {
    const found =
      database === 'sqlite'
        ? await sql<{ name: string }>`
            select distinct m.name from sqlite_master m, pragma_table_info(m.name) c
            where m.type = 'table' and c.name = 'client_id' and c.type = 'bigint'`.execute(ctx.db)
        : await sql<{ name: string }>`
            select table_name as name from information_schema.columns
            where column_name = 'client_id' and data_type = 'bigint' and table_schema = current_schema()`.execute(
            ctx.db,
          );
    assert.deepEqual(found.rows.map((row) => row.name).sort(), Object.keys(TABLES).sort());
  });

  test('every kind of row walks over and back, and what a client was it is again', async () => {
    const [from, into] = [await furnished(), await account()];
    await addContact(ctx, STAFF, into.id, { firstName: 'Theirs', email: 'twin@example.test' }, []);
    await fill(into.id, [[fields.text, 'theirs']]);
    await credit(into.id, 'add', 50);
    await changeClient(ctx, STAFF, from.id, { status: 'Inactive' });
    const sso = await createSsoToken(ctx, STAFF, {
      clientId: from.id,
      userId: undefined,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('token' in sso);
    const [was, counts] = [await rowsOf([from.id, into.id]), await clientCounts(ctx)];
    for (const [name, becomes] of Object.entries(TABLES))
      if (becomes === 'moves' || becomes === 'aside')
        assert.ok((was[name] ?? []).length > 0, `the test has no ${name}`);
    const plan = await mergePlan(ctx, from.id, into.id);
    assert.partialDeepStrictEqual(plan, {
      fault: undefined,
      joining: 2,
      alreadyIn: 0,
      ownerJoins: true,
      contacts: 1,
      contactsKnown: 1,
      notes: 1,
      files: 1,
      alerts: 1,
      fieldsFilled: 1,
      fieldsKept: 1,
      invitations: 1,
      creditMinor: 700,
    });

    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    const now = await rowsOf([from.id]);
    for (const [name, rows] of Object.entries(now)) assert.deepEqual(rows, [], name);
    assert.equal(await findClient(ctx, from.id), undefined);
    assert.deepEqual(await listClients(ctx, { contains: from.name }, { limit: 5 }), []);
    assert.equal((await clientCounts(ctx)).Inactive, counts.Inactive - 1);
    const owner = await findMember(ctx, from.owner.id, into.id);
    assert.deepEqual([owner?.isOwner, owner?.permissions, owner?.mayInvite], [false, ACCESS_PERMISSIONS, false]);
    assert.partialDeepStrictEqual(await findMember(ctx, from.member.id, into.id), {
      permissions: ['tickets', 'orders'],
      serviceIds: [4, 7],
      mayInvite: true,
      endsAt: ctx.now() + days(60),
    });
    assert.equal(await findMember(ctx, from.former.id, into.id), undefined);
    assert.equal(await ownerIdOf(ctx, into.id), into.owner.id);
    assert.deepEqual((await contactsOf(ctx, into.id)).map((one) => one.firstName).sort(), ['Own', 'Theirs']);
    assert.equal((await noteOf(ctx, into.id, from.note)).body, 'Remember');
    assert.equal((await fileOf(ctx, into.id, from.file)).name, 'a.txt');
    assert.deepEqual(
      (await alertsOf(ctx, into.id)).map((one) => one.id),
      [from.alert],
    );
    const values = await valuesFor(ctx, into.id, 'staff');
    assert.deepEqual(
      values.map((one) => [one.text, one.isSet]),
      [
        ['theirs', true],
        ['', false],
        ['', true],
      ],
    );
    assert.equal(await revealValue(ctx, STAFF, into.id, fields.secret), `secret of ${from.id}`);
    assert.equal((await clientOf(ctx, into.id)).creditMinor, 750);
    assert.equal((await clientOf(ctx, into.id)).marketingOptIn, false);
    for (const [id, amount] of [
      [from.id, -700],
      [into.id, 700],
    ] as const)
      assert.equal((await creditsOf(ctx, id)).at(-1)?.amountMinor, amount);
    assert.equal((await whereItWent(ctx, from.id))?.clientId, into.id);
    const log = await pageOfLinesAbout(ctx, await numbersOf(ctx, into.id), {}, 200);
    assert.ok(log.rows.some((line) => line.event === 'client.note.added' && line.clientId === from.id));
    assert.ok(log.rows.some((line) => line.event === 'client.created' && line.clientId === into.id));

    const { left } = await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.deepEqual(
      Object.values(left).filter((count) => count !== 0),
      [],
    );
    const again = await rowsOf([from.id, into.id]);
    // Whoever came along and left again is told that their access to the other account ended.
    const leavers = (again['former_members'] ?? []).filter((row) => !was['former_members']?.includes(row));
    assert.equal(leavers.length, 2);
    assert.deepEqual({ ...again, former_members: was['former_members'] }, was);
    assert.deepEqual(await clientCounts(ctx), counts);
    assert.deepEqual(await invitationsOf(ctx, from.id), []);
    assert.deepEqual(
      (await listClients(ctx, { contains: from.name }, { limit: 5 })).map((one) => one.id),
      [from.id],
    );
    const tokens = await sql`select 1 from sso_tokens where client_id = ${from.id}`.execute(ctx.db);
    assert.deepEqual(tokens.rows, []);
    assert.equal(await revealValue(ctx, STAFF, from.id, fields.secret), `secret of ${from.id}`);
    await assert.rejects(undoMerge(ctx, STAFF, into.id, mergeId), { kind: 'not-allowed', code: 'merge-undo-over' });
    const moves = await sql`select 1 from client_merge_moves where merge_id = ${mergeId}`.execute(ctx.db);
    assert.deepEqual(moves.rows, []);
  });

  test('a person of both keeps the standing they have in the one that stays', async () => {
    const [from, into] = [await account(), await account()];
    const both = await newPerson(ctx);
    await addMember(ctx, STAFF, both.id, from.id, ['orders']);
    await addMember(ctx, STAFF, both.id, into.id, ['tickets']);
    await addMember(ctx, STAFF, into.owner.id, from.id, ['orders']);
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    assert.deepEqual((await findMember(ctx, both.id, into.id))?.permissions, ['tickets']);
    assert.equal((await findMember(ctx, into.owner.id, into.id))?.isOwner, true);
    await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.deepEqual((await findMember(ctx, both.id, into.id))?.permissions, ['tickets']);
    assert.deepEqual((await findMember(ctx, both.id, from.id))?.permissions, ['orders']);
    assert.deepEqual((await findMember(ctx, into.owner.id, from.id))?.permissions, ['orders']);
    assert.equal(await ownerIdOf(ctx, into.id), into.owner.id);
  });

  test('an access that is over opens nothing in the other account either', async () => {
    const [from, into] = [await account(), await account()];
    const brief = await newPerson(ctx);
    await addMember(ctx, STAFF, brief.id, from.id, ['orders'], { endsAt: ctx.now() + 1000 });
    world.clock.turn(2000);
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    assert.equal(await findMembership(ctx, brief.id, into.id), undefined);
    const { left } = await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.equal(left.removed, 0);
    assert.equal(await findMembership(ctx, brief.id, from.id), undefined);
  });

  test('an ownership on offer ends, and its link makes nobody owner of anything', async () => {
    const [from, into] = [await account(), await account()];
    const heir = await newPerson(ctx);
    await addMember(ctx, STAFF, heir.id, from.id, ['orders']);
    await offerOwnership(ctx, from.owner.actor, from.id, { from: from.owner.id, to: heir.id });
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    assert.equal(await ownershipOfferOf(ctx, into.id), undefined);
    await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.equal(await ownershipOfferOf(ctx, from.id), undefined);
    assert.equal(await ownerIdOf(ctx, from.id), from.owner.id);
  });

  test('what was changed meanwhile is told, not made up', async () => {
    const [from, into] = [await furnished(), await account()];
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    await removeNote(ctx, STAFF, { clientId: into.id, id: from.note });
    await removeContact(ctx, STAFF, { clientId: into.id, id: from.contact });
    await removeMember(ctx, STAFF, from.member.id, into.id);
    await removeMember(ctx, STAFF, from.owner.id, into.id);
    await fill(into.id, [[fields.text, 'changed since']]);
    const fresh = await addNote(ctx, STAFF, into.id, { body: 'Came since', isSticky: false });
    const { left } = await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.partialDeepStrictEqual(left, { note: 1, contact: 1, removed: 1, gone: 0, owners: 0, file: 0 });
    assert.equal(await findMember(ctx, from.member.id, from.id), undefined, 'removed since stays removed');
    assert.equal(await ownerIdOf(ctx, from.id), from.owner.id, 'an account always has its owner');
    assert.equal((await noteOf(ctx, into.id, fresh)).body, 'Came since');
    assert.equal((await valuesFor(ctx, into.id, 'staff'))[0]?.text, 'changed since');
    assert.equal((await valuesFor(ctx, from.id, 'staff'))[0]?.text, `text of ${from.id}`);
    const [line] = await auditLines(ctx, { clientId: from.id, event: 'client.merge_undone' }, { limit: 1 });
    assert.ok(line);
  });

  test('whoever owns the other account by now stays its owner, and gets their own back', async () => {
    const [from, into] = [await account(), await account()];
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    await makeOwner(ctx, STAFF, into.id, from.owner.id);
    const { left } = await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.equal(left.owners, 1);
    assert.equal(await ownerIdOf(ctx, into.id), from.owner.id);
    assert.equal(await ownerIdOf(ctx, from.id), from.owner.id);
  });

  test('a person who left for good does not come back', async () => {
    const [from, into] = [await account(), await account()];
    const leaver = await newPerson(ctx);
    await addMember(ctx, STAFF, leaver.id, from.id, ['orders']);
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    await removeMember(ctx, STAFF, leaver.id, into.id);
    await ctx.transaction((tx) => removeUser(tx, STAFF, leaver.id));
    const { left } = await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.equal(left.gone, 1);
  });

  test('credit that was spent does not come out of nothing: the undo is refused, and nothing is undone', async () => {
    const [from, into] = [await account(), await account()];
    await credit(from.id, 'add', 500);
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    await credit(into.id, 'remove', 1);
    await assert.rejects(undoMerge(ctx, STAFF, into.id, mergeId), {
      kind: 'conflict',
      code: 'merge-undo-credit',
      values: { balance: '4.99' },
    });
    assert.equal(await findClient(ctx, from.id), undefined);
    assert.ok(await findMember(ctx, from.owner.id, into.id));
    await credit(into.id, 'add', 1);
    await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.deepEqual(
      [(await clientOf(ctx, from.id)).creditMinor, (await clientOf(ctx, into.id)).creditMinor],
      [500, 0],
    );
    for (const id of [from.id, into.id]) {
      const sum = (await creditsOf(ctx, id)).reduce((all, one) => all + one.amountMinor, 0);
      assert.equal(sum, (await clientOf(ctx, id)).creditMinor);
    }
  });

  test('what asks for a second factor does not become a part of what does not', async () => {
    const [guarded, open] = [await account(), await account()];
    await putSecondFactorRule(ctx, open.id, false);
    await assert.rejects(mergeClients(ctx, STAFF, guarded.id, open.id), { code: 'merge-second-factor' });
    assert.equal((await clientOf(ctx, guarded.id)).id, guarded.id);
    await mergeClients(ctx, STAFF, open.id, guarded.id);
  });

  test('what cannot be merged is refused, and nothing is changed', async () => {
    const [one, other, closed] = [await furnished(), await account(), await account()];
    await closeClient(ctx, STAFF, closed.id);
    await ctx.db.insertInto('currencies').values({ code: 'EUR', prefix: '€', suffix: '', is_default: 0 }).execute();
    const [euro] = await ctx.db.selectFrom('currencies').select('id').where('code', '=', 'EUR').execute();
    const foreign = await addClient(ctx, STAFF, { ...profile(), currencyId: euro?.id ?? 0 });
    const before = await rowsOf([one.id, other.id, closed.id, foreign]);
    const refused = async (from: number, into: number, code: string) =>
      assert.rejects(mergeClients(ctx, STAFF, from, into), { code });
    await refused(one.id, one.id, 'merge-itself');
    await refused(one.id, foreign, 'merge-currency');
    await refused(foreign, one.id, 'merge-currency');
    await refused(one.id, closed.id, 'merge-target-closed');
    await refused(one.id, 999_999, 'client-not-found');
    await refused(999_999, one.id, 'client-not-found');
    assert.deepEqual(await rowsOf([one.id, other.id, closed.id, foreign]), before);

    const mergeId = await mergeClients(ctx, STAFF, closed.id, other.id);
    await refused(closed.id, one.id, 'merge-already');
    await refused(one.id, closed.id, 'merge-already');
    await assert.rejects(undoMerge(ctx, STAFF, one.id, mergeId), { kind: 'not-found', code: 'merge-not-found' });
    await undoMerge(ctx, STAFF, other.id, mergeId);
    assert.equal((await clientOf(ctx, closed.id)).status, 'Closed');
  });

  test('of two merges into one account the later is undone first, and a target that went itself comes back first', async () => {
    const [a, b, c, d] = [await account(), await account(), await account(), await account()];
    const first = await mergeClients(ctx, STAFF, a.id, b.id);
    const second = await mergeClients(ctx, STAFF, c.id, b.id);
    await assert.rejects(undoMerge(ctx, STAFF, b.id, first), { code: 'merge-later-first', values: { name: c.name } });
    const third = await mergeClients(ctx, STAFF, b.id, d.id);
    assert.equal((await whereItWent(ctx, a.id))?.clientId, d.id);
    assert.deepEqual(
      (await numbersOf(ctx, d.id)).sort((x, y) => x - y),
      [a.id, b.id, c.id, d.id],
    );
    for (const one of [a, b, c]) assert.ok(await findMember(ctx, one.owner.id, d.id));
    await assert.rejects(undoMerge(ctx, STAFF, b.id, second), { code: 'merge-target-away' });
    await undoMerge(ctx, STAFF, d.id, third);
    await undoMerge(ctx, STAFF, b.id, second);
    await undoMerge(ctx, STAFF, b.id, first);
    for (const one of [a, b, c, d]) assert.equal(await ownerIdOf(ctx, one.id), one.owner.id);
    assert.deepEqual(await mergesInto(ctx, b.id), []);
  });

  test('of fifty merges at once, in both directions, one is done', async () => {
    const [one, other] = [await account(), await account()];
    await credit(one.id, 'add', 300);
    await credit(other.id, 'add', 40);
    const { won, lost } = await atOnce(50, (at) =>
      at % 2 === 0 ? mergeClients(ctx, STAFF, one.id, other.id) : mergeClients(ctx, STAFF, other.id, one.id),
    );
    assert.equal(won.length, 1);
    assert.deepEqual([...lost.keys()], ['conflict: merge-already'], JSON.stringify([...lost]));
    const stands = (await findClient(ctx, one.id)) ?? (await clientOf(ctx, other.id));
    assert.equal(stands.creditMinor, 340);
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from client_merges where from_client_id in (${one.id}, ${other.id})`.execute(ctx.db);
    assert.equal(Number(rows[0]?.n), 1);

    const undone = await atOnce(50, () => undoMerge(ctx, STAFF, stands.id, won[0] ?? 0));
    assert.equal(undone.won.length, 1);
    assert.deepEqual([...undone.lost.keys()], ['not-allowed: merge-undo-over']);
    assert.deepEqual(
      [(await clientOf(ctx, one.id)).creditMinor, (await clientOf(ctx, other.id)).creditMinor],
      [300, 40],
    );
  });

  test('an undo and a merge of the target at once: one of them, and the other says why not', async () => {
    for (const undoFirst of [true, false]) {
      const [a, b, c] = [await account(), await account(), await account()];
      const mergeId = await mergeClients(ctx, STAFF, a.id, b.id);
      const undo = (inner: Context) => undoMerge(inner, STAFF, b.id, mergeId).then(() => undefined);
      const merge = (inner: Context) => mergeClients(inner, STAFF, b.id, c.id).then(() => undefined);
      const [first, second] = undoFirst ? [undo, merge] : [merge, undo];
      const ends = await meeting(ctx, first, () => second(ctx));
      assert.equal(ends.first.status, 'fulfilled');
      if (undoFirst) assert.equal(ends.second.status, 'fulfilled', 'a target without its part may go elsewhere');
      else assert.equal(ends.second.status === 'rejected' && ends.second.reason.code, 'merge-target-away');
      assert.equal((await findClient(ctx, a.id)) !== undefined, undoFirst);
    }
  });

  test('a note that is written while its client goes is in one of the two, or refused', async () => {
    const [from, into] = [await account(), await account()];
    const ends = await meeting(
      ctx,
      (tx) => mergeClients(tx, STAFF, from.id, into.id),
      () => addNote(ctx, STAFF, from.id, { body: 'Late', isSticky: false }),
    );
    assert.equal(ends.second.status === 'rejected' && ends.second.reason.code, 'client-not-found');
  });

  test('after thirty days nothing can be undone, and who the account was is forgotten; the ledger stays', async () => {
    const [from, into] = [await furnished(), await account()];
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    world.clock.turn(UNDO_MERGE_MS - 1);
    await job.run(ctx);
    assert.ok((await mergesInto(ctx, into.id))[0]?.undoUntil);
    world.clock.turn(1);
    await assert.rejects(undoMerge(ctx, STAFF, into.id, mergeId), { code: 'merge-undo-over' });
    await job.run(ctx);
    await job.run(ctx);
    const [merge] = await mergesInto(ctx, into.id);
    assert.deepEqual([merge?.fromName, merge?.undoUntil], ['', undefined]);
    const kept = await sql<Record<string, unknown>>`select * from client_merges where id = ${mergeId}`.execute(ctx.db);
    assert.ok(!JSON.stringify(kept.rows).includes(from.name));
    assert.deepEqual(
      (await sql`select 1 from client_merge_moves where merge_id = ${mergeId}`.execute(ctx.db)).rows,
      [],
    );
    for (const line of await auditLines(ctx, { clientId: from.id }, { limit: 100 }))
      assert.ok(!JSON.stringify(line).includes(from.name), line.description);
    assert.equal((await creditsOf(ctx, from.id)).length, 2);
    assert.equal((await whereItWent(ctx, from.id))?.clientId, into.id);
    await assert.rejects(undoMerge(ctx, STAFF, into.id, mergeId), { code: 'merge-undo-over' });
    const settled = await auditLines(ctx, { clientId: into.id, event: 'client.merge_settled' }, { limit: 5 });
    assert.equal(settled.length, 1);
  });

  test('a client that is deleted takes with it who became a part of it, and of that', async () => {
    const [a, b, c] = [await furnished(), await account(), await account()];
    await mergeClients(ctx, STAFF, a.id, b.id);
    await mergeClients(ctx, STAFF, b.id, c.id);
    await deleteClient(ctx, STAFF, c.id, false);
    const kept = await sql<Record<string, unknown>>`
      select * from client_merges where from_client_id in (${a.id}, ${b.id})`.execute(ctx.db);
    assert.equal(kept.rows.length, 2);
    for (const row of kept.rows) assert.deepEqual([row['before'], row['from_name']], [null, '']);
    assert.equal(await whereItWent(ctx, a.id), undefined);
    const moves = await sql`select 1 from client_merge_moves where from_client_id in (${a.id}, ${b.id})`.execute(
      ctx.db,
    );
    assert.deepEqual(moves.rows, []);
    const letters = await sql`select 1 from letters where client_id in (${a.id}, ${b.id}, ${c.id})`.execute(ctx.db);
    assert.deepEqual(letters.rows, []);
  });

  test('other programs hear of it by the two numbers, and find the client no more', async () => {
    const [from, into] = [await account(), await account()];
    assert.ok(ctx.bus.toldOutside.includes('client.merged') && ctx.bus.toldOutside.includes('client.merge_undone'));
    const mergeId = await mergeClients(ctx, STAFF, from.id, into.id);
    const { body } = await world.api('GetClientsDetails', { clientid: from.id });
    assert.deepEqual([body['result'], body['message']], ['error', 'Client Not Found']);
    const found = await world.api('GetClients', { search: from.name });
    assert.equal(found.body['totalresults'], 0);
    await undoMerge(ctx, STAFF, into.id, mergeId);
    assert.equal((await world.api('GetClientsDetails', { clientid: from.id })).body['result'], 'success');
  });
});
