// What a program sends to make a client, and how the tests here send it.

import assert from 'node:assert/strict';
import { type Credential, call } from '#tests/wire/wire.ts';
import type { World } from '#tests/world.ts';

export type Values = Readonly<Record<string, string>>;

/** Every required parameter of AddClient, and a password that meets the rule. */
export function newClient(over: Values = {}): Values {
  return {
    firstname: 'Robin',
    lastname: 'Sample',
    email: 'robin.sample@example.test',
    address1: '12 Placeholder Road',
    city: 'Sampletown',
    state: 'Sampleshire',
    postcode: 'AB12 3CD',
    country: 'NL',
    phonenumber: '0201234567',
    password2: 'seven brave teapots',
    ...over,
  };
}

/** The values without some of them. */
export function without(values: Values, ...names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Ways to call actions in one world, with one credential. */
export function calls(world: () => World, key: () => Credential) {
  const ask = async (action: string, values: Values = {}) => {
    const { status, body } = await call(world(), key(), action, values);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  return {
    ask,
    /** The answer of a call that must succeed. */
    done: async (action: string, values: Values = {}) => {
      const body = await ask(action, values);
      assert.equal(body.result, 'success', JSON.stringify(body));
      return body;
    },
    /** The text of a call that must be refused. */
    refusal: async (action: string, values: Values = {}) => {
      const body = await ask(action, values);
      assert.deepEqual(Object.keys(body), ['result', 'message'], JSON.stringify(body));
      assert.equal(body.result, 'error');
      return body.message;
    },
  };
}
