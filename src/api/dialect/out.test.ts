// What the wire's answers look like, one fact of the protocol each.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { readRequest } from './in.ts';
import { type Answer, type AnswerValue, responseFormat, writeAnswer } from './out.ts';

const people: Answer = {
  result: 'success',
  totalresults: 2,
  clients: {
    client: [
      { id: 1, companyname: 'Söhne & Co; "Ltd"' },
      { id: 2, companyname: "O'Brien <x>" },
    ],
  },
  users: [{ id: 7, is_owner: true }],
};

describe('json', () => {
  const json = (answer: Answer) => writeAnswer('json', 'GetClients', answer).body;

  test('the content type starts with application/json: a PHP client parses only then', () => {
    assert.equal(writeAnswer('json', 'GetClients', people).contentType, 'application/json');
  });

  test('like json_encode: compact, escaped slashes, ASCII only, result first, nothing before the brace', () => {
    assert.equal(
      json({
        result: 'success',
        url: 'https://a.test/b',
        name: 'Zoë 😀',
        ok: true,
        none: null,
        amount: '12.34',
        left: undefined,
      }),
      '{"result":"success","url":"https:\\/\\/a.test\\/b","name":"Zo\\u00eb \\ud83d\\ude00","ok":true,"none":null,"amount":"12.34"}',
    );
  });

  test('a half of a surrogate pair, which stops json_decode, becomes U+FFFD; a text that only looks like one stays', () => {
    assert.equal(
      json({ result: 'a\ud800b', '\udc00': ['\ud83d\ude00\ud83d'] }),
      '{"result":"a\\ufffdb","\\ufffd":["\\ud83d\\ude00\\ufffd"]}',
    );
    assert.equal(JSON.parse(json({ result: '\\ud800' })).result, '\\ud800');
  });

  test('parses to the same value, and is ASCII', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const answer: Answer = { result: 'success', value: asAnswer(value) };
        const body = json(answer);
        assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(answer)));
        assert.match(body, /^[\x20-\x7f]*$/);
      }),
    );
  });
});

describe('xml', () => {
  const xml = (answer: Answer, action = 'GetClients') => writeAnswer('xml', action, answer).body;

  test('the content type contains application/xml, the body begins with the declaration that Ruby clients look for', () => {
    const written = writeAnswer('xml', 'GetClients', people);
    assert.match(written.contentType, /application\/xml/);
    assert.match(written.body, /^<\?xml version="1\.0" encoding="utf-8"\?>/);
  });

  test('root whmcsapi, the action in lower case, wrapped lists repeat the inner name, plain lists get an inner name', () => {
    assert.equal(
      withoutDeclaration(xml(people)),
      '<whmcsapi><action>getclients</action><result>success</result><totalresults>2</totalresults>' +
        '<clients><client><id>1</id><companyname>Söhne &amp; Co; "Ltd"</companyname></client>' +
        "<client><id>2</id><companyname>O'Brien &lt;x&gt;</companyname></client></clients>" +
        '<users><user><id>7</id><is_owner>1</is_owner></user></users></whmcsapi>',
    );
  });

  test('an error has the same root', () => {
    const body = xml({ result: 'error', message: 'Client ID Not Found' }, 'GetClientsDetails');
    assert.equal(
      withoutDeclaration(body),
      '<whmcsapi><action>getclientsdetails</action><result>error</result><message>Client ID Not Found</message></whmcsapi>',
    );
  });

  test('booleans as PHP prints them, null empty, undefined left out, unnamed plain lists hold items', () => {
    const body = xml({ result: 'success', yes: true, no: false, none: null, left: undefined, queue: [1, ['a']] }, 'x');
    assert.equal(
      withoutDeclaration(body),
      '<whmcsapi><action>x</action><result>success</result><yes>1</yes><no></no><none></none>' +
        '<queue><item>1</item><item><item>a</item></item></queue></whmcsapi>',
    );
  });

  test('empty lists keep their wrapper; an absent sibling does not make a wrapper something else', () => {
    const body = xml({ result: 'success', clients: { client: [], more: undefined }, users: [], stats: {} }, 'x');
    assert.match(body, /<clients><\/clients><users><\/users><stats><\/stats>/);
  });

  test('a plain list that is alone in its map is still a plain list', () => {
    assert.match(xml({ result: 'success', owner: { users: [1] } }), /<owner><users><user>1<\/user><\/users><\/owner>/);
  });

  test('a field called action does not make a second action element', () => {
    assert.deepEqual(xml({ result: 'success', action: 'other' }).match(/<action>[^<]*/g), ['<action>getclients']);
  });

  test('names from data are made legal: years, days, domains, words of Object.prototype', () => {
    const body = xml({
      result: 'success',
      p: { 1: 'a', '2026-03-14': 'b', 'co.uk': 'c', '<x y="">': 'd', '': 'e', constructor: ['f'] },
    });
    assert.match(body, /<_1>a<\/_1><_2026-03-14>b<\/_2026-03-14><co\.uk>c<\/co\.uk><_x_y____>d<\/_x_y____><_>e<\/_>/);
    assert.match(body, /<constructor><item>f<\/item><\/constructor>/);
  });

  test('characters that XML forbids go, carriage returns survive', () => {
    const body = xml({ result: 'a\0b\x1bc\ud800d\ufffee\r\n\tf😀' });
    assert.match(body, /<result>abcde&#13;\n\tf😀<\/result>/);
  });

  test('is well-formed whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        assert.equal(XMLValidator.validate(xml({ result: 'success', value: asAnswer(value) })), true);
      }),
      { numRuns: 300 },
    );
  });

  test('every text comes back', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false, htmlEntities: true });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        assert.equal(parser.parse(xml({ result: 'success', text: `>${text}` })).whmcsapi.text, `>${text}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('nvp', () => {
  const nvp = (answer: Answer) => writeAnswer('nvp', 'GetClients', answer).body;

  test('key=value with a semicolon after each, the last too: the fixtures of Ruby clients', () => {
    assert.equal(nvp({ result: 'success', password: 'abc==' }), 'result=success;password=abc==;');
    assert.equal(nvp({ result: 'error', message: 'Command Not Found' }), 'result=error;message=Command Not Found;');
  });

  test('never text/html: texts of customers must not run', () => {
    assert.match(writeAnswer('nvp', 'GetClients', people).contentType, /^text\/plain; charset=utf-8$/);
  });

  test('nested values are flattened with brackets, entities stand for & < > quotes and semicolons', () => {
    assert.equal(
      nvp(people),
      'result=success;totalresults=2;clients[client][0][id]=1;' +
        'clients[client][0][companyname]=Söhne &amp; Co&#059; &quot;Ltd&quot;;' +
        'clients[client][1][id]=2;clients[client][1][companyname]=O&#039;Brien &lt;x&gt;;' +
        'users[0][id]=7;users[0][is_owner]=1;',
    );
  });

  test('booleans as PHP prints them, null empty, undefined and empty lists left out, line breaks kept', () => {
    assert.equal(
      nvp({ result: 'success', yes: true, no: false, none: null, left: undefined, list: [], notes: 'a\r\nb' }),
      'result=success;yes=1;no=;none=;notes=a\r\nb;',
    );
  });

  test('a value cannot forge another pair, and every text comes back to a reader that knows entities', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => !/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(value));
    const forging = fc.constantFrom('x;result=error', '&#059;', '&amp;', "';--", 'a=b', 'x;result[0]=1;');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, forging)), (notes) => {
        const body = nvp({ result: 'success', notes });
        const pairs = [...body.matchAll(/([^=;]+)=((?:&[#a-z0-9]+;|[^;&])*);/gy)];
        assert.equal(pairs.map(([whole]) => whole).join(''), body);
        assert.deepEqual(
          pairs.map(([, name, value = '']) => [name, unescaped(value)]),
          [['result', 'success'], ...notes.map((note, index) => [`notes[${index}]`, note])],
        );
      }),
      { numRuns: 300 },
    );
  });

  test('names from data cannot forge a pair either', () => {
    assert.equal(nvp({ result: 'success', p: { 'a=b;c': 1 } }), 'result=success;p[a&#061;b&#059;c]=1;');
  });
});

describe('responseFormat', () => {
  const asked = async (query: string) => {
    const read = await readRequest({ method: 'POST', query, body: Buffer.alloc(0) });
    assert.ok(read.ok);
    return responseFormat(read.values);
  };

  test('json, xml and nvp in any case', async () => {
    for (const [word, format] of [
      ['json', 'json'],
      ['JSON', 'json'],
      ['Xml', 'xml'],
      ['nvp', 'nvp'],
      ['+xml%0A', 'xml'],
    ] as const) {
      assert.equal(await asked(`responsetype=${word}`), format);
    }
  });

  test('missing or empty is nvp: the Ruby clients never send it and parse nvp', async () => {
    assert.equal(await asked('action=GetClients'), 'nvp');
    assert.equal(await asked('responsetype='), 'nvp');
  });

  test('an unknown word, a list or a name of Object.prototype is json, and nothing throws', async () => {
    for (const query of ['responsetype=yaml', 'responsetype[]=xml', 'responsetype=constructor']) {
      assert.equal(await asked(query), 'json');
    }
  });
});

test('infinite and undefined numbers become nothing rather than a word no client parses', () => {
  const answer: Answer = { result: 'success', ratio: Number.NaN, top: Number.POSITIVE_INFINITY };
  assert.equal(writeAnswer('json', 'x', answer).body, '{"result":"success","ratio":null,"top":null}');
  assert.equal(writeAnswer('nvp', 'x', answer).body, 'result=success;ratio=;top=;');
});

test('the three formats hold the same values of every documented list shape', () => {
  const parser = new XMLParser({ parseTagValue: false });
  const fromXml = parser.parse(writeAnswer('xml', 'GetClients', people).body).whmcsapi;
  assert.equal(fromXml.clients.client[1].companyname, "O'Brien <x>");
  assert.equal(JSON.parse(writeAnswer('json', 'GetClients', people).body).clients.client[1].companyname, "O'Brien <x>");
  assert.match(
    writeAnswer('nvp', 'GetClients', people).body,
    /clients\[client\]\[1\]\[companyname\]=O&#039;Brien &lt;x&gt;;/,
  );
});

function withoutDeclaration(body: string): string {
  return body.replace(/^<\?xml[^>]*>\n/, '');
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#039': "'", '#059': ';' };
  return text.replace(/&([#a-z0-9]+);/g, (_entity, name: string) => characters[name] ?? '?');
}

// fast-check types a JSON value by its own interface; only its shape matters here.
function asAnswer(value: unknown): AnswerValue {
  if (Array.isArray(value)) return value.map(asAnswer);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asAnswer(inner)]));
}
