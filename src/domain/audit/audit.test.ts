// The activity log: one event, one line, whoever writes it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor, systemActor } from '#domain/audit/actor.ts';
import { audit, auditLines, countAuditLines, pageOfAuditLines } from '#domain/audit/audit.ts';
import type { AuditSearch } from '#domain/audit/audit-search.ts';
import { searchAudit, sliceOfAudit } from '#domain/audit/audit-search.ts';
import type { Context } from '#src/context.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('the activity log', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { cast: false });
    ctx = world.ctx;
  });
  after(() => world.close());

  const say = (description: string, actor: Actor = systemActor(), event = 'test'): Promise<void> =>
    audit(ctx, actor, { event, description });
  const newest = async () => (await auditLines(ctx, {}, { limit: 1 }))[0];

  test('a line break in a name does not forge a second line, in the sentence or in who did it', async () => {
    for (const sign of ['\n', '\r\n', '\u0085', '\u2028', '\u2029', '\0', '\u001b[2J']) {
      await say(`The user Ada${sign}2026-06-01 root signed in was created`, {
        kind: 'user',
        userId: 7,
        name: `ada${sign}root`,
        ip: `192.0.2.1${sign}127.0.0.1`,
      });
      const line = await newest();
      for (const text of [line?.description, line?.actorName, line?.ip])
        assert.doesNotMatch(text ?? '', /[\p{Cc}\p{Zl}\p{Zp}]/u);
      assert.match(line?.description ?? '', /^The user Ada .*2026-06-01 root signed in was created$/);
    }
  });

  test('signs that turn text around are not in it', async () => {
    await say('The user \u202Enimda\u202C was created');
    assert.equal((await newest())?.description, 'The user nimda was created');
  });

  test('nobody makes a line of a megabyte', async () => {
    await say('x'.repeat(1_000_000), { kind: 'system', name: 'y'.repeat(1_000_000), ip: 'z'.repeat(1_000_000) });
    const line = await newest();
    assert.ok(JSON.stringify(line).length < 2000);
  });

  test('the acting user or administrator is on the line, unless it happened to another', async () => {
    const user: Actor = { kind: 'user', userId: 7, name: 'ada', ip: '192.0.2.1' };
    const staff: Actor = { kind: 'administrator', administratorId: 3, name: 'root', ip: '192.0.2.2' };
    await say('by a user', user);
    assert.deepEqual([(await newest())?.userId, (await newest())?.administratorId], [7, undefined]);
    await audit(ctx, staff, { event: 'test', description: 'to a user', userId: 7 });
    const line = await newest();
    assert.deepEqual(
      [line?.userId, line?.administratorId, line?.actorKind, line?.actorName],
      [7, 3, 'administrator', 'root'],
    );
    await say('by nobody', strangerActor('192.0.2.3'));
    assert.deepEqual([(await newest())?.userId, (await newest())?.administratorId], [undefined, undefined]);
  });

  test('a line belongs to the transaction of what it tells of', async () => {
    const before = await countAuditLines(ctx, {}, 1000);
    const undone = ctx.transaction(async (tx) => {
      await audit(tx, systemActor(), { event: 'test', description: 'this never happened' });
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.equal(await countAuditLines(ctx, {}, 1000), before);
  });

  test('searching finds a text whatever signs are in it, in either case, and nothing else', async () => {
    await say('Needle 100% of a_b\\c');
    await say('needle 1000 of axbyc');
    const found = async (words: string): Promise<number> => (await searchAudit(ctx, { words }, {}, 100)).rows.length;
    assert.equal(await found('needle'), 2);
    assert.equal(await found('NEEDLE 100%'), 1);
    assert.equal(await found('a_b\\c'), 1);
    assert.equal(await found('a_b'), 1);
    assert.equal(await found('\\'), 1);
    assert.equal(await found('%'), 1);
    assert.equal(await found("'; drop table audit_log; --"), 0);
    assert.equal(await found('needle\0'), 0, 'a zero byte is no fault of the database');
  });

  test('leafing shows every line once, whatever is written meanwhile', async () => {
    for (let at = 0; at < 7; at += 1) await say(`line ${at}`, systemActor(), 'leaf');
    const seen: string[] = [];
    let place = {};
    for (;;) {
      const page = await pageOfAuditLines(ctx, { event: 'leaf' }, place, 3);
      seen.push(...page.rows.map((line) => line.description));
      if (page.next === undefined) break;
      place = { after: page.next };
      await say('a late line', systemActor(), 'leaf');
    }
    assert.deepEqual(
      seen,
      [6, 5, 4, 3, 2, 1, 0].map((at) => `line ${at}`),
    );
  });

  test('a search by offset answers what leafing does, and how many there are', async () => {
    for (let at = 0; at < 30; at += 1)
      await say(
        `slice ${at % 3} ${at}`,
        { kind: 'user', userId: 60 + (at % 2), name: `walker${at % 2}`, ip: '' },
        'slice',
      );
    const texts = async (search: AuditSearch, skip: number, limit: number) => {
      const { lines, total } = await sliceOfAudit(ctx, search, skip, limit);
      return { numbers: lines.map((line) => Number(line.description.split(' ')[2])), total };
    };
    assert.deepEqual(await texts({ event: 'slice' }, 0, 3), { numbers: [29, 28, 27], total: 30 });
    assert.deepEqual(await texts({ event: 'slice' }, 28, 5), { numbers: [1, 0], total: 30 });
    assert.deepEqual(await texts({ event: 'slice' }, 40, 5), { numbers: [], total: 30 });
    assert.deepEqual(await texts({ event: 'slice', words: 'SLICE 0' }, 2, 3), { numbers: [21, 18, 15], total: 10 });
    assert.deepEqual(await texts({ actorName: 'walker1' }, 0, 2), { numbers: [29, 27], total: 15 });
    assert.deepEqual(await texts({ actorName: 'walker' }, 0, 2), { numbers: [], total: 0 });
    assert.deepEqual(await texts({ userId: 60, events: ['slice', 'other'] }, 0, 2), { numbers: [28, 26], total: 15 });
    assert.deepEqual(await texts({ userId: 60, events: ['other'] }, 0, 2), { numbers: [], total: 0 });
  });

  test('somebody who is several things under one name is found as each, every line once, leafing both ways', async () => {
    const root: Actor = { kind: 'administrator', administratorId: 80, name: 'both', ip: '' };
    for (let at = 0; at < 12; at += 1) {
      const about = at % 3 === 0 ? { clientId: 81 } : at % 3 === 1 ? { userId: 82 } : { clientId: 81, userId: 82 };
      await audit(ctx, systemActor(), { event: 'whose', description: `whose x ${at}`, ...about });
      await audit(ctx, root, { event: 'whose', description: `whose y ${at}`, clientId: 83 });
    }
    const whose = { clientId: 81, userId: 82 };
    const first = await searchAudit(ctx, { whose }, {}, 5);
    assert.deepEqual(
      first.rows.map((line) => line.description),
      [11, 10, 9, 8, 7].map((at) => `whose x ${at}`),
    );
    const second = await searchAudit(ctx, { whose }, { after: first.next }, 5);
    assert.deepEqual(
      second.rows.map((line) => line.description),
      [6, 5, 4, 3, 2].map((at) => `whose x ${at}`),
    );
    const back = await searchAudit(ctx, { whose }, { before: second.previous }, 5);
    assert.deepEqual(back.rows, first.rows);
    assert.equal((await sliceOfAudit(ctx, { whose }, 0, 3)).total, 12);
    assert.equal((await sliceOfAudit(ctx, { whose: { administratorId: 80 } }, 0, 3)).total, 12);
    const narrowed = await searchAudit(ctx, { whose, clientId: 81, words: 'x 1' }, {}, 50);
    assert.deepEqual(
      narrowed.rows.map((line) => line.description),
      ['whose x 11'],
    );
  });

  test('a search stops after so many lines, says how far it came, and goes on from there', async () => {
    for (let at = 0; at < 9; at += 1) await say(at === 0 ? 'a needle deep down' : `hay ${at}`, systemActor(), 'hay');
    const search: AuditSearch = { event: 'hay', words: 'needle' };
    let page = await searchAudit(ctx, search, {}, 10, 3);
    const pages = [page];
    while (page.next !== undefined) {
      page = await searchAudit(ctx, search, { after: page.next }, 10, 3);
      pages.push(page);
    }
    assert.deepEqual(
      pages.map((one) => one.rows.length),
      [0, 0, 1, 0].slice(0, pages.length),
    );
    assert.equal(typeof pages[0]?.searchedTo, 'number');
    assert.equal(pages.at(-1)?.searchedTo, undefined);
  });

  test('every search stays on an index of the log', async () => {
    const searches: AuditSearch[] = [
      { words: 'x' },
      { userId: 60 },
      { clientId: 81, words: 'x' },
      { whose: { clientId: 81, userId: 82, administratorId: 80 }, words: 'x' },
      { ip: '192.0.2.1', from: 0 },
      { event: 'slice', until: world.clock.now() + 1 },
    ];
    if (database === 'postgres') await sql`analyze audit_log`.execute(ctx.db);
    for (const search of searches)
      for (const { statement, steps } of await plansOf(ctx, (watched) =>
        searchAudit(watched, search, { after: 90 }, 10),
      )) {
        const whole = steps.filter((step) => /SCAN audit_log(?! USING)|TEMP B-TREE FOR ORDER BY.*audit_log/.test(step));
        assert.deepEqual(whole, [], `${statement}\n${steps.join('\n')}`);
      }
  });
});
