// Sealing and checking passwords: the formats, the counting of slow work, and what hostile input gets.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, getPriority } from 'node:os';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { Problem } from '#kit/problem.ts';
import { openPasswordHasher, type PasswordHasher } from './hasher.ts';
import { normalised, textFault } from './password-text.ts';

const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 };
const DEAR = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
const PASSWORD = 'correct horse';

const hasher = openPasswordHasher({ cost: CHEAP, threads: 2 });
after(() => hasher.close());

/** Opens a hasher that is closed when the test ends. */
function opened(
  t: { after(end: () => Promise<void>): void },
  options: Parameters<typeof openPasswordHasher>[0],
): PasswordHasher {
  const own = openPasswordHasher(options);
  t.after(() => own.close());
  return own;
}

function isTooBusy(error: unknown): boolean {
  return (
    error instanceof Problem &&
    error.kind === 'unavailable' &&
    error.code === 'too-busy' &&
    error.retryAfterSeconds === 2
  );
}

const aPassword = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
  .filter((text) => textFault(text) === undefined);

describe('what was sealed', () => {
  test('opens with its password, and is not outdated', async () => {
    await fc.assert(
      fc.asyncProperty(aPassword, async (password) => {
        assert.deepEqual(await hasher.check(password, await hasher.seal(password)), { matches: true, outdated: false });
      }),
      { numRuns: 60 },
    );
  });

  test('does not open with any other', async () => {
    await fc.assert(
      fc.asyncProperty(aPassword, aPassword, async (password, other) => {
        fc.pre(normalised(password) !== normalised(other));
        assert.deepEqual(await hasher.check(other, await hasher.seal(password)), { matches: false, outdated: false });
      }),
      { numRuns: 60 },
    );
  });

  test('opens with the same word composed on another keyboard', async () => {
    const sealed = await hasher.seal('cafe\u0301 con leche');
    assert.equal((await hasher.check('caf\u00e9 con leche', sealed)).matches, true);
    assert.equal((await hasher.check('cafe con leche', sealed)).matches, false);
  });

  test('tells case, spaces at the ends and superscripts apart', async () => {
    const sealed = await hasher.seal('metre2 of Ada');
    for (const near of ['metre² of Ada', 'metre2 of ada', ' metre2 of Ada', 'metre2 of Ada ', 'metre2 of Ad']) {
      assert.equal((await hasher.check(near, sealed)).matches, false, near);
    }
  });

  test('counts every character of a password of 1,024', async () => {
    const sealed = await hasher.seal(`${'𝔸'.repeat(1023)}x`);
    assert.equal((await hasher.check(`${'𝔸'.repeat(1023)}x`, sealed)).matches, true);
    assert.equal((await hasher.check(`${'𝔸'.repeat(1023)}y`, sealed)).matches, false);
  });

  test('differs each time, as the salt does', async () => {
    assert.notEqual(await hasher.seal(PASSWORD), await hasher.seal(PASSWORD));
  });

  test('carries the cost of today', async () => {
    assert.match(await hasher.seal(PASSWORD), /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });
});

describe('what others stored', () => {
  // Argon2: the vectors of the reference implementation. bcrypt: PHP's manual, php-src, John the Ripper, and libxcrypt.
  const vectors: readonly (readonly [name: string, password: string, stored: string])[] = [
    ['argon2id', 'password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
    [
      'argon2id, 2 lanes',
      'password',
      '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
    ],
    ['$2y$ of PHP', 'rasmuslerdorf', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq'],
    ['$2a$ of PHP', 'rasmuslerdorf', '$2a$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi'],
    ['$2b$', 'rasmuslerdorf', '$2b$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi'],
    ['$2a$ of John', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['$2y$ of UTF-8', 'pässwörd 🔑', '$2y$05$abcdefghijklmnopqrstuuJle.iZ0HydI0pt1p.fYQNcC2ygoDkde'],
    ['MD5', PASSWORD, '3cb4e732631f47e6eb961f34554b7cde'],
    ['MD5 in capitals', PASSWORD, '3CB4E732631F47E6EB961F34554B7CDE'],
    ['salted MD5', PASSWORD, '2c3fcc56d59882eb51d1842a3914b715:e93h2'],
    ['MD5 with a colon in the salt', PASSWORD, 'ca9f17e4c885b7fe41530867f77d739f:!B:K!'],
  ];

  for (const [name, password, stored] of vectors) {
    test(`${name} opens, and is to be sealed anew`, async () => {
      assert.deepEqual(await hasher.check(password, stored), { matches: true, outdated: true });
      assert.deepEqual(await hasher.check(`${password}!`, stored), { matches: false, outdated: false });
      assert.deepEqual(await hasher.check(password.slice(1), stored), { matches: false, outdated: false });
    });
  }

  test('bcrypt reads 72 bytes and no more, as PHP does', async () => {
    const stored = '$2y$05$abcdefghijklmnopqrstuuGUnCqbfgs3htOkLrFduUjAyLBw1Rq/u'; // of 72 a's
    assert.equal((await hasher.check('a'.repeat(72), stored)).matches, true);
    assert.equal((await hasher.check(`${'a'.repeat(72)} and more`, stored)).matches, true);
    assert.equal((await hasher.check('a'.repeat(71), stored)).matches, false);
    const of72Bytes = '$2b$05$abcdefghijklmnopqrstuuTRSHZmuydJWPjOCBk/ch5P57D9cdiM2'; // of 36 ä's, then "more"
    assert.equal((await hasher.check('ä'.repeat(36), of72Bytes)).matches, true);
  });

  test('bcrypt compares the bytes as they came, without composing them', async () => {
    const composed = '$2y$04$abcdefghijklmnopqrstuuwgA7nlU.KIjPBvNRbysd1Jzkhqy73NO';
    const decomposed = '$2y$04$abcdefghijklmnopqrstuuK0io7oIApPGOtfeUn6tQaRiEG4qXxWW';
    assert.equal((await hasher.check('caf\u00e9 con leche', composed)).matches, true);
    assert.equal((await hasher.check('cafe\u0301 con leche', composed)).matches, false);
    assert.equal((await hasher.check('cafe\u0301 con leche', decomposed)).matches, true);
  });

  test('a zero byte neither ends nor repeats a bcrypt password', async () => {
    const ofAb = '$2y$04$abcdefghijklmnopqrstuu0CkeIeZLJOlOL1QPPhfXulLNPdFqJBW';
    assert.equal((await hasher.check('ab', ofAb)).matches, true);
    for (const trick of ['ab\0ab', 'ab\0', 'ab\0cd']) assert.equal((await hasher.check(trick, ofAb)).matches, false);
  });

  test('the hash of an empty password opens to nobody', async () => {
    for (const stored of [
      'd41d8cd98f00b204e9800998ecf8427e',
      '$2y$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq',
    ]) {
      assert.equal((await hasher.check('', stored)).matches, false);
    }
  });

  test('one of our own of another cost, or cut short, is outdated', async (t) => {
    const dearer = opened(t, { cost: { memoryKiB: 16, passes: 1, lanes: 1 }, threads: 1 });
    assert.deepEqual(await dearer.check(PASSWORD, await hasher.seal(PASSWORD)), { matches: true, outdated: true });
    const short = '$argon2id$v=19$m=8,t=1,p=1$ybrocNbmPY9YkPSkFzpGdg$UQqxcxcSdAWMR4xQIXJ/RA';
    assert.deepEqual(await hasher.check(PASSWORD, short), { matches: true, outdated: true });
  });

  // Each of these is the true hash of the password: computing it would say that it matches.
  test('a stored password that would cost too much is not computed', async () => {
    const hostile = [
      '$argon2id$v=19$m=8,t=21,p=1$776k0yeJglqvQRCjOE7sUQ$GdXhDdhtLNurR1kCh9sIegpd9SuQNMMCD3x8YIGB81k',
      '$argon2id$v=19$m=262152,t=1,p=1$dLK283GonSrmRYwbvyz0hw$LD31boAYeItlkLndY7dZMt4f2mfTKq40gW0577hQ72Q',
      '$2y$16$abcdefghijklmnopqrstuuN1zDYnS8knH.5ajGV9KBmCO0Lwk.8xm',
    ];
    for (const stored of hostile) {
      assert.deepEqual(await hasher.check(PASSWORD, stored), { matches: false, outdated: false }, stored);
    }
  });
});

describe('one slow computation', () => {
  const cases: readonly (readonly [name: string, password: string, stored: string | undefined])[] = [
    ['for no such person', PASSWORD, undefined],
    ['for an MD5 that matches', PASSWORD, '3cb4e732631f47e6eb961f34554b7cde'],
    ['for an MD5 that does not', 'wrong', '3cb4e732631f47e6eb961f34554b7cde'],
    ['for a bcrypt that matches', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['for a bcrypt that does not', 'wrong', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    [
      'for an Argon2id',
      'password',
      '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    ],
    ['for a format nobody knows', PASSWORD, 'plain text'],
    ['for an empty column', PASSWORD, ''],
    ['for an empty password', '', '3cb4e732631f47e6eb961f34554b7cde'],
    ['for a password of a megabyte', 'x'.repeat(1 << 20), '3cb4e732631f47e6eb961f34554b7cde'],
    ['for half a character', 'half \ud800 of it', '3cb4e732631f47e6eb961f34554b7cde'],
  ];
  for (const [name, password, stored] of cases) {
    test(name, async () => {
      const before = hasher.hashes;
      await hasher.check(password, stored);
      assert.equal(hasher.hashes - before, 1);
    });
  }

  test('for a seal, and none for one that is refused', async () => {
    const before = hasher.hashes;
    await hasher.seal(PASSWORD);
    assert.equal(hasher.hashes - before, 1);
    const refused: readonly (readonly [string, string])[] = [
      ['', 'password-missing'],
      ['x'.repeat(1025), 'password-too-long'],
      ['x'.repeat(1 << 20), 'password-too-long'],
      ['half \ud800 of it', 'password-unreadable'],
    ];
    for (const [password, code] of refused) {
      await assert.rejects(
        hasher.seal(password),
        (error) => error instanceof Problem && error.kind === 'invalid' && error.code === code,
      );
    }
    assert.equal(hasher.hashes - before, 1);
  });

  test('a refusal waits as long as the slowest format met would have taken', async (t) => {
    const own = opened(t, { cost: CHEAP, threads: 1 });
    const bcryptCpuMs = 10; // less than cost 10 takes anywhere
    const ofPhp = '$2y$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu';
    assert.deepEqual(await own.check(PASSWORD, ofPhp), { matches: true, outdated: true });
    const from = performance.now();
    await own.check('wrong', undefined);
    assert.ok(performance.now() - from >= bcryptCpuMs);
  });

  test('the very first refusal waits so too where imports are expected, and the measuring is no check', async (t) => {
    const own = opened(t, { cost: CHEAP, threads: 1, expectsImports: true });
    const [bcryptCpuMs, from] = [10, performance.now()];
    assert.deepEqual(await own.check('wrong', undefined), { matches: false, outdated: false });
    assert.ok(performance.now() - from >= 2 * bcryptCpuMs, 'measured once, and held as long');
    assert.equal(own.hashes, 1);
    const again = performance.now();
    await Promise.all([own.check('wrong', undefined), own.check('wrong', 'plain text')]);
    assert.ok(performance.now() - again >= bcryptCpuMs, 'held');
    assert.equal(own.hashes, 3);
  });

  test('of many first checks at once one measures, and all are answered', async (t) => {
    const own = opened(t, { cost: CHEAP, threads: 2, expectsImports: true });
    const stored = await own.seal(PASSWORD);
    const all = await Promise.all(Array.from({ length: 8 }, () => own.check(PASSWORD, stored)));
    assert.ok(all.every(({ matches }) => matches));
    assert.equal(own.hashes, 9);
  });
});

describe('the queue', () => {
  test('refuses at once when it is full, and answers those it took', async (t) => {
    const own = opened(t, { cost: DEAR, threads: 1, maxWaiting: 2 });
    const taken = [own.seal(PASSWORD), own.seal(PASSWORD), own.seal(PASSWORD)];
    assert.equal(own.waiting, 2);
    await assert.rejects(own.seal(PASSWORD), isTooBusy);
    await assert.rejects(own.check(PASSWORD, undefined), isTooBusy);
    assert.equal(own.hashes, 0);
    assert.equal((await Promise.all(taken)).length, 3);
    assert.equal(own.waiting, 0);
    assert.match(await own.seal(PASSWORD), /^\$argon2id\$/);
  });

  test('has as many computed at once as there are cores: one more of so much memory slows every one down', async (t) => {
    const own = opened(t, { cost: DEAR });
    const all = Array.from({ length: availableParallelism() + 1 }, () => own.seal(PASSWORD));
    assert.equal(own.waiting, 1);
    await Promise.all(all);
  });

  test('holds 64 for each thread unless told otherwise', async (t) => {
    const own = opened(t, { cost: CHEAP, threads: 1 });
    const taken = Array.from({ length: 65 }, () => own.check(PASSWORD, undefined));
    await assert.rejects(own.check(PASSWORD, undefined), isTooBusy);
    await Promise.all(taken);
    assert.equal(own.hashes, 65);
  });

  test('refuses whoever waited too long, and goes on with the others', async (t) => {
    const own = opened(t, { cost: DEAR, threads: 1, maxWaitingMs: 1 });
    const first = own.seal(PASSWORD);
    await assert.rejects(own.seal(PASSWORD), isTooBusy);
    assert.equal(own.waiting, 0);
    assert.match(await first, /^\$argon2id\$/);
    assert.equal(own.hashes, 1);
  });

  test('forgets how long somebody may wait once the turn has come', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const own = opened(t, { cost: CHEAP, threads: 1, maxWaitingMs: 200 });
    await Promise.all([own.seal(PASSWORD), own.seal(PASSWORD)]);
    t.mock.timers.tick(100);
    const later = [own.seal(PASSWORD), own.seal(PASSWORD)];
    t.mock.timers.tick(100);
    assert.equal(own.waiting, 1);
    await Promise.all(later);
  });

  test('does not hold up the event loop while 64 wait', async (t) => {
    const own = opened(t, { cost: { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }, threads: 2 });
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    const all = Array.from({ length: 66 }, () => own.check(PASSWORD, undefined));
    assert.equal(own.waiting, 64);
    await Promise.all(all);
    clearInterval(timer);
    assert.ok(ticks > 66, `${ticks} ticks for 66 hashes`);
  });

  test('finishes what it took when it is closed, and takes nothing more', async () => {
    const own = openPasswordHasher({ cost: CHEAP, threads: 2 });
    const taken = Array.from({ length: 20 }, () => own.seal(PASSWORD));
    const closed = own.close();
    await assert.rejects(own.seal(PASSWORD), isTooBusy);
    assert.equal(own.hashes, 0); // refused at once, and not after having waited
    await closed;
    assert.equal(own.hashes, 20);
    await Promise.all(taken);
    await own.close();
  });
});

describe('the threads', () => {
  test('one that dies fails its task and no other, and is replaced', async (t) => {
    const own = opened(t, { cost: DEAR, threads: 1 });
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const fatal = own.seal(PASSWORD);
    const next = own.seal(PASSWORD);
    const failed = assert.rejects(fatal, /a hashing thread failed/);
    await (await started).terminate();
    await failed;
    assert.match(await next, /^\$argon2id\$/);
    assert.equal(own.hashes, 1);
  });

  test('one that dies while idle is replaced without anybody noticing', async (t) => {
    const own = opened(t, { cost: CHEAP, threads: 1 });
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    await own.seal(PASSWORD);
    await (await started).terminate();
    assert.match(await own.seal(PASSWORD), /^\$argon2id\$/);
  });

  test('are started by the first work, as many as are needed', async (t) => {
    let started = 0;
    const count = (): void => {
      started += 1;
    };
    process.on('worker', count);
    t.after(async () => void process.off('worker', count));
    const own = opened(t, { cost: CHEAP, threads: 4 });
    await new Promise(setImmediate);
    assert.equal(started, 0);
    await own.seal(PASSWORD);
    await own.seal(PASSWORD);
    assert.equal(started, 1);
    await Promise.all([own.seal(PASSWORD), own.seal(PASSWORD)]);
    assert.equal(started, 2);
  });

  test('run at nice 19 and nothing else of the process does', { skip: process.platform !== 'linux' }, async (t) => {
    const own = opened(t, { cost: DEAR, threads: 2 });
    const usual = getPriority();
    await Promise.all([own.seal(PASSWORD), own.seal(PASSWORD)]);
    const threads = readdirSync('/proc/self/task').map((id) => {
      const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const nice = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
      return { isMain: id === String(process.pid), isOurs: name.startsWith('password-hash'), nice };
    });
    const ours = threads.filter((thread) => thread.isOurs);
    assert.ok(ours.length >= 2);
    assert.deepEqual([...new Set(ours.map((thread) => thread.nice))], [19]);
    assert.deepEqual([...new Set(threads.filter((thread) => !thread.isOurs).map((thread) => thread.nice))], [usual]);
    assert.equal(threads.filter((thread) => thread.isMain).length, 1);
    assert.equal(getPriority(), usual);
  });

  test('keep a process alive while they work, and not when idle', async () => {
    const script = `
      import { openPasswordHasher } from ${JSON.stringify(new URL('./hasher.ts', import.meta.url).href)};
      const hasher = openPasswordHasher({ cost: { memoryKiB: 19456, passes: 2, lanes: 1 }, threads: 2 });
      hasher.check('x', undefined).then(() => hasher.check('x', undefined)).then(({ matches }) => console.log(matches, hasher.hashes));
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { timeout: 60_000 });
    assert.equal((await run).stdout, 'false 2\n');
  });
});

test('a cost that no check would compute is refused at the start', () => {
  for (const cost of [
    { ...CHEAP, memoryKiB: 300 * 1024 },
    { ...CHEAP, passes: 21 },
    { ...CHEAP, lanes: 17 },
    { ...CHEAP, memoryKiB: 7 },
  ]) {
    assert.throws(() => openPasswordHasher({ cost }), /out of bounds/);
  }
});
