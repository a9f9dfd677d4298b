// The catalogue of actions, and what stops the start.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { action } from '#api/action.ts';
import { CATALOGUE, findInCatalogue, folderOf } from '#api/catalogue.ts';
import { actionsIn, findActions } from '#api/found-actions.ts';
import { API_ACTION_GROUPS } from '#domain/administrators/api-actions.ts';

const good = { default: action({ group: 'Client', answer: async () => ({}) }) };

describe('the catalogue', () => {
  test('holds the 162 documented actions, each once in whatever case', () => {
    assert.equal(CATALOGUE.length, 162);
    assert.equal(new Set(CATALOGUE.map((one) => one.name.toLowerCase())).size, 162);
    assert.equal(findInCatalogue('ADDclient')?.name, 'AddClient');
    assert.equal(findInCatalogue('__proto__'), undefined);
  });

  test('says of each action the same group as the form of API roles', () => {
    const inForm = API_ACTION_GROUPS.flatMap(({ group, actions }) => actions.map((name) => `${group} ${name}`));
    const here = CATALOGUE.map(({ group, name }) => `${group} ${name}`);
    assert.deepEqual(inForm.sort(), here.sort());
  });

  test('a group of two words has a folder without the space', () => {
    assert.equal(folderOf('Project Management'), 'ProjectManagement');
  });
});

describe('finding actions', () => {
  test('every file of this checkout is in its place', async () => {
    const actions = await findActions();
    assert.ok(actions.size > 10);
    for (const [name, found] of actions) assert.equal(found.name.toLowerCase(), name);
  });

  const planted: [string, string, Record<string, unknown>][] = [
    ['a name that is not in the catalogue', 'Client/MakeClient.ts', good],
    ['a name in another case', 'Client/addclient.ts', good],
    ['no folder', 'AddClient.ts', good],
    ['a folder too deep', 'Client/deep/AddClient.ts', good],
    ['another group than the catalogue says', 'Users/AddClient.ts', good],
    ['the folder of another group than it says', 'Users/AddUser.ts', good],
    ['a group written in another case', 'client/AddClient.ts', good],
    ['no action', 'Client/AddClient.ts', { default: { group: 'Client' } }],
    ['nothing exported', 'Client/AddClient.ts', {}],
  ];
  for (const [what, path, module] of planted) {
    test(`${what} stops the start`, () => {
      assert.throws(() => actionsIn([{ path, module }]), new RegExp(path.replace('.', '\\.')));
    });
  }

  test('two files of one action stop the start', () => {
    const file = { path: 'Client/AddClient.ts', module: good };
    assert.throws(() => actionsIn([file, file]), /the same action/);
    assert.equal(actionsIn([file]).size, 1);
  });
});
