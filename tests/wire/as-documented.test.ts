// Every answered action against what is documented of it (documented-actions.json): each parameter is read, each refusal
// and warning can be met in its very words, each field of the answer is there with its type, format and order, and nothing
// beyond it. What is not so stands in documented-requests.ts, with its reason; a reason that no longer holds fails too.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '#api/action.ts';
import { callAction } from '#api/call.ts';
import { readRequest } from '#api/dialect/in.ts';
import { writeAnswer } from '#api/dialect/out.ts';
import { findActions } from '#api/found-actions.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import type { DocumentedAction, Places } from '#tests/wire/documented.ts';
import { addPlaces, DOCUMENTED, formatOf, watched } from '#tests/wire/documented.ts';
import type { Asked } from '#tests/wire/documented-requests.ts';
import { documentedRequests, NEVER } from '#tests/wire/documented-requests.ts';
import type { Values } from '#tests/wire-client/client-values.ts';
import { without } from '#tests/wire-client/client-values.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

type Body = Readonly<Record<string, unknown>>;
/** An action as it is documented, what is asked of it, and what came of its requests. */
type Case = {
  readonly name: string;
  readonly is: DocumentedAction;
  readonly asked: Asked;
  readonly answers: readonly Body[];
  readonly read: ReadonlySet<string>;
};

test('the documentation that is kept here is of the actions that are answered, no more and no fewer', async () => {
  const answered = [...(await findActions()).values()].map((one) => one.name);
  assert.deepEqual(Object.keys(DOCUMENTED).sort(), answered.sort());
});

onBothDatabases('as documented', (database) => {
  let world: World;
  const cases: Case[] = [];

  before(async () => {
    world = await testWorld(database);
    for (const [name, asked] of await documentedRequests(world)) {
      const is = DOCUMENTED[name];
      assert.ok(is, name);
      const read = new Set<string>();
      const answers: Body[] = [];
      for (const values of asked.requests) answers.push(await answered(name, asked, values, read));
      cases.push({ name, is, asked, answers, read });
    }
  });
  after(() => world.close());

  /** Calls an action as a program would have, and notes what it reads. */
  const ask = async (name: string, asked: Asked, values: Values, read = new Set<string>()): Promise<Body> => {
    const body = Buffer.from(new URLSearchParams(values).toString());
    const sent = await readRequest({ method: 'POST', query: '', body });
    assert.ok(sent.ok);
    const administrator = await administratorOf(world.ctx, world.cast.root.id);
    const actor = { kind: 'administrator', administratorId: administrator.id, name: 'root', ip: '127.0.0.1' } as const;
    const visitor = undefined;
    const caller: Caller = { administrator, actor, credentialId: undefined, local: asked.local ?? false, visitor };
    const { answer } = await callAction(await findActions(), world.ctx, caller, name, watched(sent.values, read));
    return JSON.parse(writeAnswer('json', name, answer).body);
  };
  const answered = async (...given: Parameters<typeof ask>): Promise<Body> => {
    const body = await ask(...given);
    assert.equal(body.result, 'success', `${given[0]} ${JSON.stringify(given[2])}: ${body.message}`);
    return body;
  };
  /** Makes a test of every action; a reader of a failure sees which by the message. */
  const every = (sentence: string, check: (one: Case) => Promise<void> | void): void => {
    test(sentence, async () => {
      for (const one of cases) await check(one);
    });
  };

  test('every answered action is asked, or answers nobody for a reason', () => {
    const asked = cases.map((one) => one.name);
    assert.deepEqual([...asked, ...Object.keys(NEVER)].sort(), Object.keys(DOCUMENTED).sort());
  });

  every('every documented parameter is read, but those with a reason', ({ name, is, asked, read }) => {
    for (const parameter of Object.keys(is.request)) {
      const sent = asked.requests.some((values) => Object.keys(values).some((one) => isOf(one, parameter)));
      assert.ok(sent, `${name}: no request here sends ${parameter}`);
      const reason = asked.unread?.[parameter];
      const says = reason ? `is said to be ignored (${reason}), and is read` : 'is not read';
      assert.equal(read.has(parameter), reason === undefined, `${name}: ${parameter} ${says}`);
    }
    holdsReasons(name, asked.unread, Object.keys(is.request));
  });

  every('every documented field is answered, with its type and format', ({ name, is, asked, answers }) => {
    const there = placesOf(answers);
    const example = addPlaces(new Map(), is.example);
    const wanted = [...new Set([...example.keys(), ...Object.keys(is.response)])];
    for (const path of wanted) {
      const has = there.has(path);
      assert.equal(has, asked.absent?.[path] === undefined, `${name}: ${path} is ${has ? 'there' : 'missing'}`);
    }
    for (const [path, { kinds, texts }] of example) {
      const [kind, reason] = asked.types?.[path] ?? [[...kinds][0]];
      const ours = there.get(path);
      if (!ours || kind === 'null') continue; // an example without a value says nothing of its type
      assert.deepEqual([...ours.kinds], [kind], `${name}: ${path}`);
      const format = reason ? undefined : formatOf([...texts][0] ?? '');
      for (const text of ours.texts)
        assert.ok(!format || text === '' || format.test(text), `${name}: ${path} is ${text}, not as ${[...texts]}`);
    }
    holdsReasons(name, asked.absent, wanted);
    holdsReasons(name, asked.types, wanted);
  });

  every('the documented fields stand in their order', ({ name, is, answers }) => {
    const there = placesOf(answers);
    for (const [path, { names }] of addPlaces(new Map(), is.example))
      for (const wanted of names)
        for (const ours of there.get(path)?.names ?? []) {
          const both = [...new Set(wanted)].filter((one) => ours.includes(one));
          assert.deepEqual(
            [...new Set(ours)].filter((one) => both.includes(one)),
            both,
            `${name}: ${path || 'top'}`,
          );
        }
  });

  every('nothing else is answered, but with a reason', ({ name, is, asked, answers }) => {
    const known = [...addPlaces(new Map(), is.example).keys(), ...Object.keys(is.response)];
    const more = Object.keys(asked.more ?? {});
    const ours = [...placesOf(answers).keys()];
    const beyond = ours.filter((path) => !known.includes(path) && !more.some((one) => isBelow(path, one)));
    assert.deepEqual(beyond, [], name);
    holdsReasons(name, asked.more, ours);
  });

  every('without a required parameter it is refused, but with a reason', async ({ name, is, asked }) => {
    for (const [parameter, { required }] of Object.entries(is.request)) {
      if (!required || asked.optional?.[parameter]) continue;
      const { result } = await ask(name, asked, without(asked.requests[0] ?? {}, parameter));
      assert.equal(result, 'error', `${name} without ${parameter}`);
    }
    holdsReasons(name, asked.optional, Object.keys(is.request));
  });

  every('every documented refusal is met in its very words, but those with a reason', async ({ name, is, asked }) => {
    for (const text of is.errors) {
      const values = asked.refusals?.[text];
      if (asked.unreached?.[text]) continue;
      assert.ok(values, `${name}: nothing here is refused with ${text}`);
      const message = asked.says?.[text] ?? text;
      assert.deepEqual(await ask(name, asked, values), { result: 'error', message }, name);
    }
    holdsReasons(name, asked.unreached, is.errors);
    holdsReasons(name, asked.refusals, is.errors);
  });

  every('every documented warning stands beside an answer, but those with a reason', ({ name, is, asked, answers }) => {
    for (const text of is.warnings ?? []) {
      const said = answers.some(({ warnings }) => String(warnings).includes(text));
      assert.equal(said, asked.unwarned?.[text] === undefined, `${name}: ${text}`);
    }
    holdsReasons(name, asked.unwarned, is.warnings ?? []);
  });

  every('what is read without a parameter is read with its documented default', async ({ name, is, asked }) => {
    if (!name.startsWith('Get')) return; // the others would do again what they did
    const [values = {}] = asked.requests;
    for (const [parameter, { default: usual }] of Object.entries(is.request)) {
      if (usual === undefined || !isValue(usual)) continue;
      const bare = without(values, parameter);
      const said = await ask(name, asked, { ...bare, [parameter]: String(usual) });
      assert.deepEqual(said, await ask(name, asked, bare), `${name}: ${parameter} ${usual}`);
    }
  });

  every('every value of a documented list is taken, but those with a reason', async ({ name, is, asked }) => {
    for (const [parameter, { enum: values = [] }] of Object.entries(is.request))
      for (const value of [...values, ...values.slice(0, 1)]) {
        const request = asked.requests.findLast((one) => one[parameter] !== undefined);
        const { result } = await ask(name, asked, { ...request, [parameter]: value });
        const reason = asked.refusedValues?.[`${parameter} ${value}`];
        assert.equal(result, reason ? 'error' : 'success', `${name}: ${parameter} ${value}`);
      }
  });
});

/** What the answers hold, together. */
function placesOf(answers: readonly Body[]): Places {
  const places: Places = new Map();
  for (const answer of answers) addPlaces(places, answer);
  return places;
}

/** Whether a name as it is sent is of this parameter: itself, or an element of its list. */
function isOf(sent: string, parameter: string): boolean {
  return sent === parameter || sent.startsWith(`${parameter}[`);
}

/** Whether a place is this one, or within it. */
function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

/** A reason is for something that is there. */
function holdsReasons(name: string, reasons: object | undefined, there: readonly string[]): void {
  const stale = Object.keys(reasons ?? {}).filter((one) => !there.includes(one));
  assert.deepEqual(stale, [], `${name}: a reason for what there is not`);
}

// Other defaults are said in words, such as "owner of client_id".
function isValue(usual: string | number): boolean {
  return typeof usual === 'number' || /^[A-Z]+$/.test(usual);
}
