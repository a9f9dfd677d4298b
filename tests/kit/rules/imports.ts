// Who may import whom, as code.

import { fileBreach, linkBreaches, oneFile, type Rule } from '#tests/kit/rules/rule.ts';
import type { Link, Source, Tree } from '#tests/kit/source-tree.ts';

/** The topic that a path belongs to: the folder below src/domain. */
export function topicOf(path: string): string | undefined {
  return path.match(/^src\/domain\/([^/]+)\//)?.[1];
}

/** The kind of door that a path belongs to. */
export function doorKindOf(path: string): string | undefined {
  return path.match(/^src\/(api|oidc|web)\//)?.[1];
}

/** What every topic is given: the shape of what it works with, and the words. */
const GIVEN_AS_TYPES = ['src/context.ts', 'src/config.ts'];
const WORDS = 'src/locales/words.ts';

const kit: Rule = {
  says: 'kit knows nothing of our business: it imports only kit and packages',
  breaches: (tree) =>
    linkBreaches(tree, ({ file }, { path }) => {
      if (!path.startsWith('src/kit/') || file === undefined || file.startsWith('src/kit/')) return undefined;
      return 'give what is needed as an argument, or move the file out of kit to the topic or door that it serves';
    }),
  caught: [
    oneFile('src/kit/a.ts', "import { b } from '#domain/users/users.ts';"),
    oneFile('src/kit/a.ts', "import type { Context } from '#src/context.ts';"),
    oneFile('src/kit/deep/a.ts', "import { b } from '../../web/page.ts';"),
  ],
  passed: [
    oneFile('src/kit/a.ts', "import { b } from './b.ts';\nimport { c } from '#kit/c.ts';\nimport { d } from 'zod';"),
  ],
};

const topicsInOrder: Rule = {
  says: 'a topic imports only kit, itself and topics above it, and the types of context and config, and the words',
  breaches: (tree) =>
    linkBreaches(tree, (link, { path }) => {
      const topic = topicOf(path);
      if (topic === undefined || link.file === undefined) return undefined;
      return adviceForTopic(tree, topic, link);
    }),
  caught: [
    oneFile('src/domain/users/a.ts', "import { b } from '#domain/login/b.ts';", { topics: ['users', 'login'] }),
    oneFile('src/domain/users/a.ts', "import type { B } from '../login/b.ts';", { topics: ['users', 'login'] }),
    oneFile('src/domain/users/a.ts', "import { html } from '#web/parts/form.ts';", { topics: ['users'] }),
    oneFile('src/domain/users/a.ts', "import { createApp } from '#src/app.ts';", { topics: ['users'] }),
    oneFile('src/domain/users/a.ts', "import { openContext } from '#src/context.ts';", { topics: ['users'] }),
    oneFile('src/domain/users/a.ts', "import { type Config } from '#src/config.ts';", { topics: ['users'] }),
    oneFile('src/domain/users/a.ts', "import { topics } from '#domain/order.ts';", { topics: ['users'] }),
  ],
  passed: [
    oneFile('src/domain/login/a.ts', "import { b } from '#domain/users/b.ts';", { topics: ['users', 'login'] }),
    oneFile(
      'src/domain/login/a.ts',
      `import { b } from './b.ts'; import { c } from '#kit/c.ts'; import type { Context } from '#src/context.ts';
      import type { Config } from '#src/config.ts'; import { translator } from '#src/locales/words.ts';`,
      { topics: ['login'] },
    ),
  ],
};

function adviceForTopic(tree: Tree, topic: string, { file = '', typeOnly }: Link): string | undefined {
  if (file.startsWith('src/kit/') || file === WORDS) return undefined;
  if (GIVEN_AS_TYPES.includes(file))
    return typeOnly ? undefined : 'write `import type`: a topic is given its context, it opens none';
  const other = topicOf(file);
  if (other === undefined) return 'the domain knows no door and no start: let the door call the topic';
  if (tree.topics.indexOf(other) <= tree.topics.indexOf(topic)) return undefined;
  return `${other} stands below ${topic} in src/domain/order.ts: announce a typed event that ${other} hears, or make the topic for the verb that both want`;
}

const listedTopics: Rule = {
  says: 'every folder of src/domain is a topic of order.ts, listed once, and nothing else lies there',
  breaches({ sources, topics }) {
    const advice = 'list it in src/domain/order.ts, once, below the topics that it uses';
    const twice = topics.filter((name, index) => topics.indexOf(name) !== index);
    const unlisted = sources.filter(
      ({ path }) => !topics.includes(topicOf(path) ?? 'order') && topicOf(path) !== undefined,
    );
    const loose = sources.filter(({ path }) => /^src\/domain\/[^/]+$/.test(path) && path !== 'src/domain/order.ts');
    return [
      ...twice.map((name) => fileBreach('src/domain/order.ts', `lists ${name} twice`, 'list it once')),
      ...unlisted.map(({ path }) => fileBreach(path, `belongs to ${topicOf(path)}, which is no topic`, advice)),
      ...loose.map(({ path }) => fileBreach(path, 'belongs to no topic', 'put it into the folder of its topic')),
    ];
  },
  caught: [
    oneFile('src/domain/ghosts/a.ts', ''),
    oneFile('src/domain/helpers.ts', ''),
    oneFile('src/domain/order.ts', '', { topics: ['users', 'users'] }),
  ],
  passed: [
    { files: { 'src/domain/order.ts': '', 'src/domain/users/a.ts': '' }, rest: { topics: ['users', 'unborn'] } },
  ],
};

const ownTables: Rule = {
  says: "a topic's *.table.ts and *.view.ts are imported by that topic alone",
  breaches: (tree) =>
    linkBreaches(tree, ({ file = '' }, { path }) => {
      if (!/\.(table|view)\.ts$/.test(file) || topicOf(file) === topicOf(path)) return undefined;
      return `call a function of ${topicOf(file)} that says what is wanted, or add one there`;
    }),
  caught: [
    oneFile('src/domain/login/a.ts', "import { userRows } from '#domain/users/users.table.ts';"),
    oneFile('src/domain/login/a.ts', "import type { UserRow } from '#domain/users/users.table.ts';"),
    oneFile('src/web/client/a.ts', "import { list } from '#domain/clients/client-list.view.ts';"),
    oneFile('src/cli/a.ts', "import { insertUser } from '#domain/users/users.table.ts';"),
    oneFile('src/context.ts', "import { a } from '#domain/settings/settings.table.ts';"),
  ],
  passed: [
    oneFile('src/domain/users/a.ts', "import { b } from './users.table.ts';\nimport { c } from './user-list.view.ts';"),
    oneFile('src/web/admin/a.ts', "import { table } from '#web/parts/table.ts';"),
  ],
};

const doorsApart: Rule = {
  says: 'a door imports no door of another kind',
  breaches: (tree) =>
    linkBreaches(tree, ({ file = '' }, { path }) => {
      const [here, there] = [doorKindOf(path), doorKindOf(file)];
      if (here === undefined || there === undefined || here === there) return undefined;
      return 'put what both need into a topic (a rule) or into kit (no business in it)';
    }),
  caught: [
    oneFile('src/web/client/a.ts', "import { b } from '#api/endpoint.ts';"),
    oneFile('src/api/a.ts', "import type { Frame } from '#web/parts/frame.ts';"),
    oneFile('src/oidc/a.ts', "import { b } from '#web/page.ts';"),
  ],
  passed: [
    oneFile('src/web/client/a.ts', "import { b } from '#web/parts/b.ts';\nimport { c } from '#domain/users/c.ts';"),
  ],
};

const nothingAboveTheDoors: Rule = {
  says: 'only what starts the program imports the app, a command or the start itself',
  breaches: (tree) =>
    linkBreaches(tree, ({ file = '' }, { path }) => {
      if (!isStart(file) || isStart(path)) return undefined;
      return 'give what is needed as an argument: main and the commands know the app, the app knows the doors, never back';
    }),
  caught: [
    oneFile('src/web/client/a.ts', "import { createApp } from '#src/app.ts';"),
    oneFile('src/context.ts', "import { run } from '#cli/serve.ts';"),
    oneFile('src/api/a.ts', "import type { App } from '../app.ts';"),
  ],
  passed: [
    oneFile('src/cli/serve.ts', "import { createApp } from '#src/app.ts';"),
    oneFile('src/dev.ts', "import './main.ts';"),
  ],
};

function isStart(path: string): boolean {
  return /^src\/(app|main|dev)\.ts$/.test(path) || path.startsWith('src/cli/');
}

const doorsAlone: Rule = {
  says: 'a page imports no other page, and an action no other action',
  breaches: (tree) =>
    linkBreaches(tree, ({ file = '' }, { path }) => {
      if (!isDoor(path) || !isDoor(file)) return undefined;
      return 'a rule belongs to a topic, a picture to web/parts, a shape of the wire to a file beside api/actions';
    }),
  caught: [
    oneFile('src/web/client/a.ts', "import { b } from './b.ts';"),
    oneFile('src/web/admin/a.ts', "import type { B } from '#web/entrance/b.ts';"),
    oneFile('src/api/actions/client/AddClient.ts', "import { b } from '../users/AddUser.ts';"),
  ],
  passed: [
    oneFile('src/web/client/a.ts', "import { page } from '#web/page.ts';"),
    oneFile('src/api/actions/client/AddClient.ts', "import { action } from '#api/action.ts';"),
  ],
};

/** Whether a path is one door: a page or an action. */
function isDoor(path: string): boolean {
  return /^src\/(web\/(entrance|client|admin)|api\/actions)\/.*\.ts$/.test(path);
}

const noCycles: Rule = {
  says: 'no import leads back to where it came from',
  breaches(tree) {
    const sources = new Map(tree.sources.map((source) => [source.path, source]));
    return ringsIn(sources).map((ring) =>
      fileBreach(
        ring[0] ?? '',
        `is part of a ring: ${ring.join(' → ')}`,
        'move what two of them want to a third file below both',
      ),
    );
  },
  caught: [
    {
      files: {
        'src/kit/a.ts': "import './b.ts';",
        'src/kit/b.ts': "import './c.ts';",
        'src/kit/c.ts': "import './a.ts';",
      },
    },
    { files: { 'src/web/a.ts': "import type { B } from './b.ts';", 'src/web/b.ts': "import { a } from './a.ts';" } },
    oneFile('src/kit/a.ts', "import { a } from './a.ts';"),
  ],
  passed: [
    {
      files: {
        'src/kit/a.ts': "import './b.ts'; import './c.ts';",
        'src/kit/b.ts': "import './d.ts';",
        'src/kit/c.ts': "import './d.ts';",
        'src/kit/d.ts': '',
      },
    },
    {
      files: {
        'src/context.ts': "import { b } from '#domain/settings/b.ts';",
        'src/domain/settings/b.ts': "import type { Context } from '#src/context.ts';",
      },
    },
  ],
};

/**
 * The rings of imports, types included. The one link that does not count is a type of context.ts or config.ts: everything is
 * given a context, and the context opens some of it; at run time nothing leads back.
 */
function ringsIn(sources: ReadonlyMap<string, Source>): string[][] {
  const rings: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start !== -1) {
      rings.push([...way.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    for (const { file, typeOnly } of sources.get(path)?.links ?? []) {
      if (file === undefined || (typeOnly && GIVEN_AS_TYPES.includes(file))) continue;
      visit(file, [...way, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return rings;
}

const noTestsInProduction: Rule = {
  says: 'what runs in production imports no test and no helper of tests',
  breaches: (tree) =>
    linkBreaches(tree, ({ file = '' }) =>
      file.startsWith('tests/') || file.includes('.test.') ? 'move what production needs to src' : undefined,
    ),
  caught: [
    oneFile('src/domain/users/a.ts', "import { testWorld } from '#tests/world.ts';"),
    oneFile('src/domain/users/a.ts', "import { b } from './b.test.ts';"),
  ],
  passed: [oneFile('src/domain/users/a.test.ts', "import { testWorld } from '#tests/world.ts';")],
};

const installedInProduction: Rule = {
  says: 'what runs in production imports only Node and what package.json lists under dependencies',
  breaches: (tree) =>
    linkBreaches(tree, (link, { path }) => {
      const name = link.package;
      // Tools of the developer, which no installation runs; types, which are gone by then; scripts of the browser.
      if (name === undefined || link.typeOnly || /\.generate\.ts$|^src\/dev\.ts$|\.js$/.test(path)) return undefined;
      if (name.startsWith('node:') || tree.dependencies.has(name)) return undefined;
      return `add ${name} to the dependencies (a core module is written node:…), or do without it`;
    }),
  caught: [
    oneFile('src/kit/a.ts', "import fc from 'fast-check';", { dependencies: new Set(['zod']) }),
    oneFile('src/kit/a.ts', "import { x } from '@scope/name/sub';", { dependencies: new Set(['@scope/other']) }),
    oneFile('src/kit/a.ts', "import fs from 'fs';"),
  ],
  passed: [
    oneFile(
      'src/kit/a.ts',
      "import { z } from 'zod/v4'; import fs from 'node:fs'; import { b } from '@scope/name/sub';",
      {
        dependencies: new Set(['zod', '@scope/name']),
      },
    ),
    oneFile('src/web/parts/icons.generate.ts', "import x from 'only-here';"),
  ],
};

const knownPaths: Rule = {
  says: 'only kit imports a path that is worked out at run time, so that these rules see every other import',
  breaches: (tree) =>
    linkBreaches(tree, ({ specifier }, { path }) =>
      specifier === undefined && !path.startsWith('src/kit/') && !path.startsWith('src/web/assets/')
        ? 'use discover of #kit/discover.ts, or name the file'
        : undefined,
    ),
  caught: [
    oneFile('src/web/page.ts', 'const { page } = await import(path);'),
    oneFile('src/domain/users/a.ts', 'await import(`#domain/$' + '{name}.ts`);'),
  ],
  passed: [
    oneFile('src/kit/discover.ts', 'await import(path);'),
    oneFile('src/web/assets/a.js', 'await import(box.dataset.address);'), // runs in a browser, on an address of ours
    oneFile('src/main.ts', "await import('#cli/serve.ts');"),
  ],
};

const noBarrels: Rule = {
  says: 'no file is called index: an import names the file it means',
  breaches: ({ paths }) =>
    paths
      .filter((path) => /\/index\.[^/]+$/.test(path))
      .map((path) => fileBreach(path, 'is a barrel', 'name the file for what it holds, and import that')),
  caught: [oneFile('src/kit/index.ts', ''), oneFile('tests/kit/index.ts', '')],
  passed: [oneFile('src/kit/search-index.ts', '')],
};

/** The rules of importing. */
export const importRules: readonly Rule[] = [
  kit,
  topicsInOrder,
  listedTopics,
  ownTables,
  doorsApart,
  nothingAboveTheDoors,
  doorsAlone,
  noCycles,
  noTestsInProduction,
  installedInProduction,
  knownPaths,
  noBarrels,
];
