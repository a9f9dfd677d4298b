// The activity log: one event, one line, whoever writes it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor, systemActor } from '#domain/audit/actor.ts';
import { audit, auditLines, countAuditLines, pageOfAuditLines } from '#domain/audit/audit.ts';
import type { Context } from '#src/context.ts';
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
    const found = async (description: string): Promise<number> => countAuditLines(ctx, { description }, 100);
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
});
