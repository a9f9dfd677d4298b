// What the wire's requests look like, one fact of the protocol each, with the encodings of real clients.

import assert from 'node:assert/strict';
import querystring from 'node:querystring';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ReadLimits, readRequest, usualLimits, type WireRead } from './in.ts';
import { files, list, map, numbered, present, scalar } from './parameters.ts';
import { WireFile, type WireMap, type WireValue, type WireValues } from './wire.ts';

const urlencoded = 'application/x-www-form-urlencoded';

describe('a form body', () => {
  test('PHP http_build_query: arrays come percent-encoded in brackets', async () => {
    const values = await read('action=AddOrder&pid%5B0%5D=1&pid%5B1%5D=7&domaintype%5B0%5D=register&note=a+b%26c');
    assert.deepEqual(list(values, 'pid'), ['1', '7']);
    assert.deepEqual(plain(values), {
      action: 'AddOrder',
      pid: { 0: '1', 1: '7' },
      domaintype: { 0: 'register' },
      note: 'a b&c',
    });
  });

  test('documented keyed maps nest', async () => {
    const values = await read(
      'lineitems[0][description]=Hosting&lineitems[0][amount]=10.00&email_preferences[invoice]=1',
    );
    assert.deepEqual(plain(values), {
      lineitems: { 0: { description: 'Hosting', amount: '10.00' } },
      email_preferences: { invoice: '1' },
    });
  });

  test('empty brackets append after the highest number, each map on its own', async () => {
    assert.deepEqual(plain(await read('a[]=x&a[]=y&a[5]=z&a[2]=v&a[]=w&b[]=1&a[k][]=q&a[k][]=r')), {
      a: { 0: 'x', 1: 'y', 2: 'v', 5: 'z', 6: 'w', k: { 0: 'q', 1: 'r' } },
      b: { 0: '1' },
    });
  });

  test('a number with leading zeros is a text key, as in PHP', async () => {
    assert.deepEqual(plain(await read('a[07]=x&a[]=y')), { a: { '07': 'x', 0: 'y' } });
  });

  test('Node querystring: of a repeated name without brackets the last stands', async () => {
    const values = await read(querystring.stringify({ action: 'GetProducts', pid: [1, 2] }));
    assert.equal(scalar(values, 'pid'), '2');
  });

  test('a scalar and a map of one name: the later wins', async () => {
    assert.deepEqual(plain(await read('a=1&a[b]=2')), { a: { b: '2' } });
    assert.deepEqual(plain(await read('a[b]=2&a=1')), { a: '1' });
    assert.deepEqual(plain(await read('a[b]=2&a[b][c]=3')), { a: { b: { c: '3' } } });
  });

  test('dots and spaces of the first part become underscores, those inside brackets stay', async () => {
    assert.deepEqual(plain(await read('first.name=Ada&last+name=L&+lead=x&prices[co.uk]=9&a.b[c d]=1')), {
      first_name: 'Ada',
      last_name: 'L',
      lead: 'x',
      prices: { 'co.uk': '9' },
      a_b: { 'c d': '1' },
    });
  });

  test('broken brackets are read as PHP reads them', async () => {
    assert.deepEqual(plain(await read('a[b=1&c[d]e=2&f[g][h=3&[i]=4&=5&j[+]=6&k]=7')), {
      a_b: '1',
      c: { d: '2' },
      f: { g: '3' },
      j: { 0: '6' },
      'k]': '7',
    });
  });

  test('a name without an equals sign is empty, empty pairs are nothing, the first equals sign splits', async () => {
    assert.deepEqual(plain(await read('&&a&b=c=d==&&')), { a: '', b: 'c=d==' });
  });

  test('what is no percent-escape stays, what is no UTF-8 becomes U+FFFD, NUL goes', async () => {
    assert.deepEqual(
      plain(await read('a=100%&b=%zz%4&c=%C3%28&d=%00x%00&e=%C3%B6&f=%F0%9F%98%80&g%00h=1&i=%ED%A0%80')),
      {
        a: '100%',
        b: '%zz%4',
        c: '\ufffd(',
        d: 'x',
        e: 'ö',
        f: '😀',
        gh: '1',
        i: '\ufffd\ufffd\ufffd',
      },
    );
  });

  test('raw UTF-8 is read like escaped UTF-8', async () => {
    assert.deepEqual(plain(await read('b=ü', { query: 'a=€' })), { a: '€', b: 'ü' });
  });

  test('Python urlencode: booleans as words, an MD5 password', async () => {
    const values = await read(
      'action=addclient&password=5f4dcc3b5aa765d61d8327deb882cf99&noemail=True&notes=a+b%26c%3Dd%25~%2A%27%C3%A9',
    );
    assert.equal(scalar(values, 'noemail'), 'True');
    assert.equal(scalar(values, 'notes'), "a b&c=d%~*'é");
  });

  test('all five credential fields, the unused ones empty: empty means absent, yet was sent', async () => {
    const values = await read('identifier=abc&secret=def&username=&password=&accesskey=&action=GetClients');
    assert.equal(scalar(values, 'identifier'), 'abc');
    for (const name of ['username', 'password', 'accesskey']) {
      assert.equal(scalar(values, name), undefined);
      assert.equal(present(values, name), true);
    }
    assert.equal(present(values, 'responsetype'), false);
  });

  test('suffix arrays of CreateInvoice', async () => {
    const values = await read('itemdescription10=c&itemdescription2=b&itemdescription1=a&itemdescriptionx=no');
    assert.deepEqual(
      [...numbered(values, 'itemdescription')],
      [
        [1, 'a'],
        [2, 'b'],
        [10, 'c'],
      ],
    );
  });
});

describe('query and body together', () => {
  test('everything in the query of an empty POST (NodeByte), whatever content type it claims', async () => {
    for (const contentType of [undefined, 'application/json', urlencoded, 'multipart/form-data']) {
      const values = await read('', { query: 'action=GetStats&identifier=a&secret=b&responsetype=json', contentType });
      assert.equal(scalar(values, 'action'), 'GetStats');
    }
  });

  test('accesskey in the query, the rest in the body (sburina)', async () => {
    const values = await read('action=getClients&limitnum=1', { query: 'accesskey=let+me' });
    assert.deepEqual(plain(values), { accesskey: 'let me', action: 'getClients', limitnum: '1' });
  });

  test('the body wins a clash, and lists are not mixed', async () => {
    const values = await read('pid[0]=9&action=B', { query: 'action=A&pid[0]=1&pid[1]=2&only=q' });
    assert.deepEqual(plain(values), { action: 'B', pid: { 0: '9' }, only: 'q' });
  });

  test('GET and HEAD have no body', async () => {
    for (const method of ['GET', 'HEAD']) {
      assert.deepEqual(plain(await read('action=B', { method, query: 'action=A' })), { action: 'A' });
    }
  });
});

describe('content types', () => {
  test('a charset after the type changes nothing, nor does its case', async () => {
    const values = await read('a=%C3%B6', { contentType: 'Application/X-WWW-Form-URLencoded; charset=UTF-8' });
    assert.equal(scalar(values, 'a'), 'ö');
  });

  test('a form under no or a wrong content type is still a form', async () => {
    for (const contentType of [undefined, '', 'text/plain', 'application/json']) {
      assert.equal(scalar(await read('action=GetStats&a[b]=1', { contentType }), 'action'), 'GetStats');
    }
  });

  test('JSON and XML bodies are refused with 415 and a sentence that says what to send', async () => {
    for (const body of ['{"action":"GetStats"}', '<a b="c"/>', 'just words', '\0\x01=']) {
      const answer = await ask(body, { contentType: 'application/json' });
      assert.equal(answer.ok, false);
      assert.equal(statusOf(answer), 415);
      assert.match(messageOf(answer), /application\/x-www-form-urlencoded or multipart\/form-data/);
    }
  });
});

describe('multipart', () => {
  // Written by Go 1's mime/multipart, as slntopp/whmcs-go sends it.
  const boundary = '9f2c1a5b8d7e4f60312b4c5d6e7f80919f2c1a5b8d7e4f60312b4c5d6e7f';
  const goType = `multipart/form-data; boundary=${boundary}`;
  const goField = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const goBody = (...fields: string[]) => `${fields.join('')}--${boundary}--\r\n`;

  test('the Go client sends nothing else', async () => {
    const body = goBody(
      goField('action', 'GetClients'),
      goField('username', 'identifier32'),
      goField('password', 'secret32'),
      goField('search', 'Zoë & "Söhne"+%41'),
      goField('pid[]', '1'),
      goField('pid[]', '2'),
    );
    assert.deepEqual(plain(await read(body, { contentType: goType })), {
      action: 'GetClients',
      username: 'identifier32',
      password: 'secret32',
      search: 'Zoë & "Söhne"+%41',
      pid: { 0: '1', 1: '2' },
    });
  });

  test('uploads are files in the order of their parts, names without folders, and only uploads are', async () => {
    const form = new FormData();
    form.append('attachments[]', new Blob([Buffer.from([0, 255, 13, 10])]), '../../etc/passwd');
    form.append('fake[filename]', 'x');
    form.append('fake[data]', 'y');
    form.append('attachments[]', new Blob(['zwei']), 'größe.txt');
    const values = await readForm(form);
    assert.deepEqual(
      files(values, 'attachments').map((file) => [file.filename, file.data.toString('latin1')]),
      [
        ['passwd', '\0\xff\r\n'],
        ['größe.txt', 'zwei'],
      ],
    );
    assert.equal(map(values, 'fake')?.filename, 'x');
    assert.deepEqual(files(values, 'fake'), []);
    assert.throws(() => scalar(values, 'attachments'), /single value/);
  });

  test('a binary part without a file name is a text, as in PHP', async () => {
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: application/octet-stream\r\n\r\nö\r\n`;
    assert.equal(
      scalar(await read(goBody(part), { contentType: goType.replace('multipart/form', 'Multipart/Form') }), 'a'),
      'ö',
    );
  });

  test('an unknown charset is refused rather than emptied', async () => {
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx\r\n`;
    assert.equal(statusOf(await ask(goBody(part), { contentType: goType })), 400);
  });

  test('what undici writes we read back', async () => {
    // The form standard turns line breaks into CRLF and surrogates into U+FFFD; both are the sender's doing.
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll(/[\r\n\0]/g, '').toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, { maxKeys: 8 }), async (fields) => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        assert.deepEqual(plain(await readForm(form)), { ...fields });
      }),
      { numRuns: 60 },
    );
  });

  test('broken multipart bodies are a 400, whatever is broken', async () => {
    const part = goField('a', '1');
    const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n`;
    const broken: [contentType: string, body: string][] = [
      ['multipart/form-data', goBody(part)],
      ['multipart/form-data; boundary=', goBody(part)],
      ['multipart/form-data; boundary="', goBody(part)],
      [goType, part],
      [goType, `${fileHead}cut off`],
      [goType, goBody(`--${boundary}\r\nbad header\r\n\r\nx\r\n`, `--${boundary}\r\nbad again\r\n\r\nx\r\n`)],
      [goType, 'a=1'],
    ];
    for (const [contentType, body] of broken) {
      assert.equal(statusOf(await ask(body, { contentType })), 400, `${contentType} ${body.slice(0, 80)}`);
    }
  });

  test('limits: exactly as many are read, one more is refused', async () => {
    const limits = { parameters: 3, files: 2, fileBytes: 4 };
    const form = (...parts: (string | Blob)[]) => {
      const data = new FormData();
      for (const part of parts) typeof part === 'string' ? data.append('a[]', part) : data.append('f[]', part, 'f');
      return data;
    };
    assert.equal((await askForm(form('1', '2', '3'), limits)).ok, true);
    assert.match(messageOf(await askForm(form('1', '2', '3', '4'), limits)), /more than 3 parameters/);
    assert.equal((await askForm(form(new Blob(['1234']), new Blob(['1234'])), limits)).ok, true);
    assert.match(messageOf(await askForm(form(new Blob(['1']), new Blob(['2']), new Blob(['3'])), limits)), /2 files/);
    const large = await askForm(form(new Blob(['12345'])), limits);
    assert.deepEqual([statusOf(large), messageOf(large)], [413, 'A file is larger than 4 bytes']);
  });
});

describe('limits', () => {
  test('bytes of query and body together: the limit itself is read, one more is 413', async () => {
    assert.equal((await ask('a=12345', { query: 'b=1' }, { bytes: 10 })).ok, true);
    const answer = await ask('a=123456', { query: 'b=1' }, { bytes: 10 });
    assert.deepEqual([statusOf(answer), messageOf(answer)], [413, 'The request is larger than 10 bytes']);
    assert.equal(statusOf(await ask('', { method: 'GET', query: 'b=123456789' }, { bytes: 10 })), 413);
  });

  test('an endless body is left after the limit, without destroying the connection that carries the answer', async () => {
    let sent = 0;
    const endless = new Readable({
      read() {
        sent += 1024;
        this.push(Buffer.alloc(1024, 'a'));
      },
    });
    const answer = await readRequest({ method: 'POST', contentType: urlencoded, query: '', body: endless });
    assert.equal(statusOf(answer), 413);
    assert.equal(endless.destroyed, false);
    assert.ok(sent < 2 * usualLimits.bytes, `${sent} bytes were taken`);
    endless.destroy();
  });

  test('a body in pieces is one body, and one that breaks off is a 400', async () => {
    const whole = Readable.from([Buffer.from('action=Get'), Buffer.from('Stats&a=%C3'), Buffer.from('%B6')]);
    const answer = await readRequest({ method: 'POST', contentType: urlencoded, query: '', body: whole });
    assert.deepEqual(plain(valuesOf(answer)), { action: 'GetStats', a: 'ö' });

    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('action=');
        throw new Error('aborted');
      })(),
    );
    assert.equal(
      statusOf(await readRequest({ method: 'POST', contentType: urlencoded, query: '', body: broken })),
      400,
    );
  });

  test('parameters of query and body count together', async () => {
    assert.equal((await ask('a[]=1&a[]=2', { query: 'b=1' }, { parameters: 3 })).ok, true);
    const answer = await ask('a[]=1&a[]=2&a[]=3', { query: 'b=1' }, { parameters: 3 });
    assert.deepEqual([statusOf(answer), messageOf(answer)], [400, 'The request has more than 3 parameters']);
  });

  test('a thousand parameters are read, 1001 are refused, not cut', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `a[]=${index}`).join('&');
    assert.equal(list(await read(many(1000)), 'a')?.length, 1000);
    assert.equal(statusOf(await ask(many(1001))), 400);
  });

  test('depth and length of names, also when one is wrapped in percent-escapes', async () => {
    assert.equal((await ask('a[1][2][3][4][5]=x')).ok, true);
    assert.match(messageOf(await ask('a[1][2][3][4][5][6]=x')), /more than 5 brackets/);
    assert.match(messageOf(await ask(`a${'%5B%5D'.repeat(100)}=x`)), /more than 5 brackets/);
    assert.equal((await ask(`${'n'.repeat(512)}=x`)).ok, true);
    assert.match(messageOf(await ask(`${'n'.repeat(513)}=x`)), /longer than 512 characters/);
  });
});

describe('attacks', () => {
  test('prototype pollution: __proto__ is dropped, constructor is a name like any other', async () => {
    const values = await read(
      '__proto__[polluted]=1&a[__proto__][polluted]=1&a[__proto__]=1&constructor[prototype][polluted]=1&%5F_proto__=1&__pro%00to__[polluted]=1&b=2',
    );
    assert.deepEqual(plain(values), { constructor: { prototype: { polluted: '1' } }, b: '2' });
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.equal(Object.getPrototypeOf(values), null);
    assert.equal(present(values, 'hasOwnProperty'), false);
  });

  test('prototype pollution by multipart names', async () => {
    const form = new FormData();
    form.append('__proto__[polluted]', '1');
    form.append('a[__proto__][polluted]', '1');
    assert.deepEqual(plain(await readForm(form)), {});
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  test('operator injection: a list where one value is due is a fault, not a value', async () => {
    const values = await read('id[]=1&email[$ne]=x&a=1&a=2');
    assert.throws(() => scalar(values, 'id'), /"id" must be a single value/);
    assert.throws(() => scalar(values, 'email'), /"email" must be a single value/);
    assert.equal(scalar(values, 'a'), '2');
  });

  test('a megabyte of separators or brackets is read or refused at once', async () => {
    const started = performance.now();
    assert.equal((await ask('&'.repeat(1_000_000))).ok, true);
    assert.equal(statusOf(await ask('a&'.repeat(500_000))), 400);
    assert.equal(statusOf(await ask('['.repeat(1_000_000))), 400);
    assert.equal(statusOf(await ask('%'.repeat(1_000_000))), 400);
    assert.ok(performance.now() - started < 2000);
  });
});

describe('laws', () => {
  test('what http_build_query writes we read back', async () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '').toWellFormed());
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/).filter((value) => value !== '__proto__');
    const key = fc.oneof(name, fc.nat(2000).map(String), fc.stringMatching(/^[a-z .é$&=+%]{1,9}$/).filter(isNotBlank));
    const { tree } = fc.letrec<{ tree: Tree; level: Record<string, Tree> }>((tie) => ({
      tree: fc.oneof({ depthSize: 'small', maxDepth: 5 }, text, tie('level')),
      level: fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
    }));
    const form = fc.dictionary(name, tree, { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(form, async (fields) => {
        assert.deepEqual(plain(await read(httpBuildQuery(fields))), structuredClone(fields));
      }),
      { numRuns: 300 },
    );
  });

  test('no bytes, content type or query make it throw or touch a prototype', async () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.constantFrom('a', '[', ']', '=', '&', '%', '%5B', '__proto__', '+', '.', '\0', 'constructor', '%ff'))
        .map((pieces) => Buffer.from(pieces.join(''))),
      fc
        .array(
          fc.constantFrom('--b', '\r\n', '--', 'Content-Disposition: form-data; name="a"', '; filename="f"', 'x', '\0'),
        )
        .map((pieces) => Buffer.from(pieces.join(''))),
    );
    const type = fc.constantFrom(
      undefined,
      '',
      urlencoded,
      'multipart/form-data; boundary=b',
      'text/plain',
      ';;',
      'a/b;c',
    );
    await fc.assert(
      fc.asyncProperty(hostile, type, fc.string({ unit: 'binary' }), async (body, contentType, query) => {
        const answer = await readRequest({ method: 'POST', contentType, query, body });
        if (answer.ok) for (const [mapName, value] of everyMap('', answer.values)) assertBare(mapName, value);
        else assert.match(answer.message, /^[A-Z][ -~]+$/);
        assert.equal(Reflect.get({}, 'polluted'), undefined);
      }),
      { numRuns: 1500 },
    );
  });
});

type Tree = string | { [key: string]: Tree };

type Sent = { method?: string; contentType?: string | undefined; query?: string };

function ask(body: string, sent: Sent = {}, limits: Partial<ReadLimits> = {}): Promise<WireRead> {
  const request = { method: 'POST', contentType: urlencoded, query: '', body: Buffer.from(body), ...sent };
  return readRequest(request, limits);
}

async function read(body: string, sent: Sent = {}): Promise<WireValues> {
  return valuesOf(await ask(body, sent));
}

async function askForm(form: FormData, limits: Partial<ReadLimits> = {}): Promise<WireRead> {
  const written = new Response(form);
  const contentType = written.headers.get('content-type') ?? '';
  const body = Buffer.from(await written.arrayBuffer());
  return readRequest({ method: 'POST', contentType, query: '', body }, limits);
}

async function readForm(form: FormData): Promise<WireValues> {
  return valuesOf(await askForm(form));
}

function valuesOf(answer: WireRead): WireValues {
  assert.ok(answer.ok, messageOf(answer));
  return answer.values;
}

function statusOf(answer: WireRead): number | undefined {
  return answer.ok ? undefined : answer.status;
}

function messageOf(answer: WireRead): string {
  return answer.ok ? 'it was read' : answer.message;
}

// PHP's encoding, RFC 1738: everything but letters, digits and -_. is escaped, a space is a plus.
function httpBuildQuery(fields: Record<string, Tree>): string {
  const urlencode = (text: string) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = (name: string, value: Tree): string[] =>
    typeof value === 'string'
      ? [`${urlencode(name)}=${urlencode(value)}`]
      : Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${key}]`, inner));
  return Object.entries(fields)
    .flatMap(([name, value]) => pairs(name, value))
    .join('&');
}

// A key of one blank inside brackets means "append" in PHP.
function isNotBlank(text: string): boolean {
  return !/^\s$/.test(text);
}

function plain(value: WireMap): unknown {
  const entry = (inner: WireValue) => (typeof inner === 'string' || inner instanceof WireFile ? inner : plain(inner));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, entry(inner)]));
}

function* everyMap(name: string, value: WireMap): Generator<[string, WireMap]> {
  yield [name, value];
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'string' && !(inner instanceof WireFile)) yield* everyMap(`${name}/${key}`, inner);
  }
}

function assertBare(name: string, value: WireMap): void {
  assert.equal(Object.getPrototypeOf(value), null, name);
  assert.equal(Object.hasOwn(value, '__proto__'), false, name);
}
