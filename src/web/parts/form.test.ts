// Forms and fields: nothing typed is lost, nothing typed becomes HTML, and errors are tied to their fields.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, htmlText } from '#kit/html.ts';
import { checkboxGroup, radioGroup, selectField } from './choice.ts';
import { codeField, emailField, numberField, passwordField, textArea, textField } from './field.ts';
import { type FieldErrors, form } from './form.ts';
import { testFrame } from './test-frame.ts';

const frame = testFrame();

test('a form that posts bears the proof, one that asks does not', () => {
  const drawn = (method: 'post' | 'get') => htmlText(form(frame, { method, body: html``, button: 'Go' }));
  assert.match(drawn('post'), /<input type="hidden" name="csrf" value="proof-of-form">/);
  assert.doesNotMatch(drawn('get'), /csrf/);
});

test('an error is summed up with a link to its field, and described at the field', () => {
  const errors: FieldErrors = { 'tax[id]': 'Enter your tax number.' };
  const field = textField(frame, { name: 'tax[id]', label: 'Tax number', help: 'On your letterhead.', errors });
  const drawn = htmlText(form(frame, { errors, body: field, button: 'Save' }));
  assert.match(drawn, /<a href="#field-tax-id-">Enter your tax number\.<\/a>/);
  assert.match(drawn, /<input [^>]*id="field-tax-id-" name="tax\[id\]"/);
  assert.match(drawn, /aria-invalid="true" aria-describedby="field-tax-id--error field-tax-id--help"/);
  assert.match(drawn, /id="field-tax-id--error"/);
  assert.match(drawn, /id="field-tax-id--help"/);
});

test('an error of the whole form is said without a link', () => {
  const drawn = htmlText(form(frame, { errors: { form: 'Your session ended.' }, body: html``, button: 'Go' }));
  assert.match(drawn, /<li>Your session ended\.<\/li>/);
});

test('without errors there is no summary and no field is called wrong', () => {
  const body = textField(frame, { name: 'a', label: 'A', errors: {} });
  assert.doesNotMatch(htmlText(form(frame, { errors: {}, body, button: 'Go' })), /alert|aria-invalid|dw-field-wrong/);
});

test('a field named like a property of every object is not wrong by itself', () => {
  assert.doesNotMatch(
    htmlText(textField(frame, { name: 'constructor', label: 'Builder', errors: {} })),
    /aria-invalid/,
  );
});

test('what was typed comes back as typed, and never as HTML', () => {
  const value = `"><script>alert(1)</script>' & <b>`;
  const safe = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39; &amp; &lt;b&gt;';
  for (const field of [textField, emailField, numberField]) {
    assert.ok(htmlText(field(frame, { name: 'a', label: 'A', value })).includes(`value="${safe}"`), field.name);
  }
  assert.ok(htmlText(textArea(frame, { name: 'a', label: 'A', value })).includes(`>\n${safe}</textarea>`));
});

test('a leading line break survives a textarea', () => {
  assert.ok(htmlText(textArea(frame, { name: 'a', label: 'A', value: '\nsecond' })).includes('>\n\nsecond</textarea>'));
});

test('a password is never written into the page', () => {
  const given = { name: 'p', label: 'P', autocomplete: 'current-password', value: 'hunter2' } as const;
  assert.doesNotMatch(htmlText(passwordField(frame, given)), /hunter2/);
});

test('a one-time code may be pasted with its spaces and filled in by the phone', () => {
  const drawn = htmlText(codeField(frame, { name: 'code', label: 'Code' }));
  assert.match(drawn, /autocomplete="one-time-code"/);
  assert.match(drawn, /inputmode="numeric"/);
  assert.ok(Number(/maxlength="(\d+)"/.exec(drawn)?.[1]) >= '123 456 '.length);
});

test('only what was chosen is chosen', () => {
  const choices = [
    { value: 'a', text: 'A' },
    { value: 'b', text: 'B' },
    { value: 'c', text: 'C', disabled: true },
  ];
  const select = htmlText(selectField(frame, { name: 's', label: 'S', value: 'b', choices, choose: 'Choose' }));
  assert.deepEqual(select.match(/<option[^>]*>/g), [
    '<option value="">',
    '<option value="a">',
    '<option value="b" selected>',
    '<option value="c" disabled>',
  ]);
  const group = htmlText(checkboxGroup(frame, { name: 'g', label: 'G', values: ['a', 'c'], choices }));
  assert.equal(group.match(/ checked/g)?.length, 2);
  const radios = htmlText(radioGroup(frame, { name: 'r', label: 'R', value: 'x', choices }));
  assert.doesNotMatch(radios, / checked/);
});

test('the fields of two forms on a page do not share ids', () => {
  const name = (scope?: string) => htmlText(textField(frame, { name: 'name', label: 'Name', scope }));
  assert.match(name(), /id="field-name"/);
  assert.match(name('invite'), /id="invite-name"/);
  const errors = { name: 'Enter a name.' };
  assert.match(htmlText(form(frame, { scope: 'invite', errors, body: html``, button: 'Go' })), /href="#invite-name"/);
});
