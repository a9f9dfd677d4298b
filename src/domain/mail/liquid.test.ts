// The sandbox of edited texts: what it can say, and every way out of it that we know of.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fieldsIn, filledIn, LONGEST_TEXT, TextFault } from '#domain/mail/liquid.ts';

const values = { name: 'Ada <b>&"', company: 'Acme', minutes: 60, empty: '' };
const fill = (source: string, strict = true): Promise<string> =>
  filledIn(source, { values, as: 'markup', strict, button: 'Open' });
const refused = (source: string, words: RegExp): Promise<void> =>
  assert.rejects(fill(source), (error) => error instanceof TextFault && words.test(error.message));

describe('filling in', () => {
  test('says words, puts in values, asks and repeats', async () => {
    assert.equal(await fill('{{ company }} {{ minutes }}'), 'Acme 60');
    assert.equal(await fill('{% if empty == "" %}none{% else %}some{% endif %}'), 'none');
    assert.equal(await fill('{% unless minutes > 90 %}short{% endunless %}{% # said to nobody %}'), 'short');
    assert.equal(await fill('{% case minutes %}{% when 60 %}an hour{% endcase %}'), 'an hour');
    assert.equal(await fill('{% for i in (1..3) %}{{ i }}{% endfor %}'), '123');
    assert.equal(await fill("{{ empty | default: 'nobody' | upcase }}"), 'NOBODY');
    assert.equal(
      await fill("{% button %}{% button 'Go <there>' %}"),
      '<doorward-button>Open</doorward-button><doorward-button>Go &lt;there&gt;</doorward-button>',
    );
  });

  test('a value is words: it brings in no tag, and no way of asking for it does', async () => {
    for (const source of [
      '{{ name }}',
      '{{ name | escape }}',
      "{{ name | append: '' }}",
      "{{ name | default: 'x' }}",
      '{% assign x = name %}{{ x }}',
      '{% for one in name %}{{ one }}{% endfor %}',
    ])
      assert.equal(await fill(source), 'Ada &lt;b&gt;&amp;&quot;', source);
    await refused('{{ name | raw }}', /undefined filter: raw/);
  });

  test('in a line a value stands as it is', async () => {
    assert.equal(await filledIn('{{ name }}', { values, as: 'line', strict: true }), values.name);
  });

  test('a value that was typed to look like a text is not read as one', async () => {
    const typed = '{{ company }}{% for i in (1..9) %}';
    assert.equal(await filledIn('{{ a }}', { values: { a: typed }, as: 'line', strict: true }), typed);
  });

  test('a field that is not there is a fault, or empty where a program may give it', async () => {
    await refused('{{ nothing }}', /undefined variable: nothing/);
    assert.equal(await fill('a{{ nothing }}b{{ nothing.more }}', false), 'ab');
    assert.deepEqual(await fieldsIn('{% assign own = name %}{{ own }}{% if false %}{{ strange }}{% endif %}'), [
      'name',
      'strange',
    ]);
  });

  test('a letter without a link has no button', async () => {
    await assert.rejects(filledIn('{% button %}', { values, as: 'markup', strict: true }), /no link/);
  });
});

describe('the ways out', () => {
  for (const source of [
    '{{ name.constructor }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ name.__proto__ }}',
    "{{ name['constructor'] }}",
    "{{ ['__proto__'] }}",
    '{{ toString }}',
    '{{ company.length.constructor }}',
  ])
    test(`${source} finds nothing`, async () => {
      await assert.rejects(fill(source), TextFault);
      assert.equal(await fill(source, false), '');
    });

  for (const tag of [
    "{% include 'x' %}",
    "{% render '/etc/passwd' %}",
    "{% layout 'x' %}",
    '{% block a %}{% endblock %}',
    '{% capture a %}x{% endcapture %}',
    '{% tablerow i in (1..2) %}{% endtablerow %}',
    "{% liquid include 'x' %}",
    "{% echo 'x' %}",
    "{% cycle 'a' %}",
    '{% increment a %}',
  ])
    test(`there is no ${tag}`, () => refused(tag, /not found/));

  for (const filter of [
    'raw',
    'date',
    'split',
    'replace',
    'map',
    'where',
    'find',
    'json',
    'inspect',
    'strip_html',
    'newline_to_br',
    'url_decode',
    'base64_decode',
    'times',
    'concat',
    'sort',
  ])
    test(`there is no filter ${filter}`, () => refused(`{{ name | ${filter}: 'a' }}`, /undefined filter/));

  for (const [attack, source] of [
    ['a huge range', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['a huge range from below', "{% assign h = '-1000000000' %}{% for i in (h..5) %}a{% endfor %}"],
    ['an endless range', '{% for i in (1..99999999999999999999) %}{% endfor %}'],
    ['many ranges', '{% for a in (1..900) %}{% for b in (1..900) %}{% endfor %}{% endfor %}'],
    [
      'loops in loops over one list',
      '{% assign r = (1..1000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}',
    ],
    [
      'a text that doubles',
      "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..200) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
    ],
    ['a letter without end', `{% for i in (1..90000) %}${'x'.repeat(4000)}{% endfor %}`],
    ['a value said without end', `{% for i in (1..90000) %}{{ name | append: '${'x'.repeat(4000)}' }}{% endfor %}`],
    ['brackets in brackets', `{{ ${'('.repeat(40_000)} }}`],
    ['questions in questions', '{% if name %}'.repeat(3_000)],
    ['what is not closed', '{{ '.repeat(16_000)],
    ['names of names', `{{ name.${'a.'.repeat(20_000)}a }}`],
    ['a text that is too long', 'x'.repeat(LONGEST_TEXT + 1)],
  ] as const)
    test(`${attack} ends in a fault, soon`, async () => {
      await fill(''); // the library is there
      const began = performance.now();
      await assert.rejects(fill(source), TextFault);
      assert.ok(performance.now() - began < 1500, `it took ${performance.now() - began} ms`);
    });

  test('a process that is held up in the middle makes no fault of a good text', async (t) => {
    await fill('');
    const real = performance.now.bind(performance);
    let looks = 0;
    t.mock.method(performance, 'now', () => {
      looks += 1;
      return real() + (looks > 1 ? 5000 : 0); // five seconds pass behind the first look at the clock
    });
    assert.equal(await fill('{{ company }} {{ company }}'), 'Acme Acme');
  });
});
