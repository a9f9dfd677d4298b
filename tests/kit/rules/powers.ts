// Who may do what few may: make a Proof, let strangers in, draw random bytes, read the environment, write cookies or tables.

import { doorKindOf, topicOf } from '#tests/kit/rules/imports.ts';
import {
  type Breach,
  codeBreaches,
  fileBreach,
  linkBreaches,
  literalBreaches,
  oneFile,
  type Rule,
} from '#tests/kit/rules/rule.ts';
import type { Source, Tree } from '#tests/kit/source-tree.ts';

const PROOF = 'src/domain/sessions/proof.ts';

const proof: Rule = {
  says: 'only login and sso make a Proof, and nobody hands its maker on',
  breaches: (tree) =>
    linkBreaches(tree, ({ file, names, handedOn, typeOnly }, { path }) => {
      const takesMaker = file === PROOF && !typeOnly && (names.includes('makeProof') || names.includes('*'));
      if (!takesMaker) return undefined;
      if (handedOn) return 'let login or sso decide who is signed in, and export that decision rather than the maker';
      if (['login', 'sso'].includes(topicOf(path) ?? '')) return undefined;
      return 'call a step of #domain/login or #domain/sso: they ask for the second factor, and give the Proof';
    }),
  caught: [
    oneFile('src/web/entrance/login.ts', "import { makeProof } from '#domain/sessions/proof.ts';"),
    oneFile('src/domain/sessions/sessions.ts', "import { makeProof as make } from './proof.ts';"),
    oneFile('src/domain/signup/a.ts', "import * as proof from '#domain/sessions/proof.ts';"),
    oneFile('src/domain/signup/a.ts', "const { makeProof } = await import('#domain/sessions/proof.ts');"),
    oneFile('src/domain/login/a.ts', "export { makeProof } from '#domain/sessions/proof.ts';"),
    oneFile('src/domain/login/a.ts', "export * from '#domain/sessions/proof.ts';"),
  ],
  passed: [
    oneFile('src/domain/login/a.ts', "import { makeProof } from '#domain/sessions/proof.ts';"),
    oneFile('src/domain/sso/a.ts', "import { makeProof, type Proof } from '../sessions/proof.ts';"),
    oneFile('src/web/entrance/login.ts', "import type { Proof } from '#domain/sessions/proof.ts';"),
  ],
};

/** The frame around every page, its parts that hold the cookies, and the file in which they are written. */
const FRAME = 'src/web/front.ts';
const COOKIE_HOLDERS = [FRAME, 'src/web/front/visiting.ts', 'src/web/front/notices.ts'];
/** Parts of it that say who may enter. */
const FRAME_PARTS = ['src/web/front/entering.ts', 'src/web/front/found-pages.ts'];
const COOKIES = 'src/web/cookies.ts';

const strangers: Rule = {
  says: 'only web/entrance, oidc and api/endpoint.ts say that strangers enter',
  breaches: ({ sources }) =>
    sources
      .filter(({ path }) => doorKindOf(path) !== undefined && !mayServeStrangers(path))
      .flatMap((source) =>
        literalBreaches(
          source,
          /^(?:strangers?|anyone|anybody)$/,
          'move the page to src/web/entrance, or say who may enter it',
        ),
      ),
  caught: [
    oneFile('src/web/client/a.ts', "export default page({ who: { is: 'anyone' } });"),
    oneFile('src/web/parts/a.ts', "const who = { is: 'anyone' };"),
    oneFile('src/web/admin/a.ts', 'export const enter = "stranger";'),
    oneFile('src/api/actions/users/AddUser.ts', "action({ who: 'anyone' });"),
  ],
  passed: [
    oneFile('src/web/entrance/login.ts', "export default page({ who: { is: 'anyone' } });"),
    oneFile('src/web/page.ts', "type Who = { is: 'anyone' } | { is: 'user' };"),
    oneFile('src/web/front.ts', "if (who.is === 'anyone') return;"),
    oneFile('src/oidc/discovery.ts', "enter: 'strangers'"),
    oneFile('src/api/endpoint.ts', "enter: 'strangers'"),
    oneFile('src/web/client/a.ts', "// not for 'strangers'"),
    oneFile('src/domain/audit/actor.ts', "kind: 'stranger'"),
  ],
};

/** page.ts and the frame around the pages know the word, since they define it and hold pages to it. */
function mayServeStrangers(path: string): boolean {
  const definers = ['src/api/endpoint.ts', 'src/web/page.ts', FRAME, ...FRAME_PARTS];
  return /^src\/(web\/entrance|oidc)\//.test(path) || definers.includes(path);
}

const SECRET = 'src/kit/secret.ts';
const FROM_CRYPTO = /^(?:random.*|getRandomValues|timingSafeEqual|webcrypto|default|\*)$/;

const randomness: Rule = {
  says: 'only kit/secret.ts draws random bytes or compares secrets',
  breaches(tree) {
    const instead = 'use #kit/secret.ts, or add there what is missing';
    const others = tree.sources.filter(({ path }) => path !== SECRET && !path.endsWith('.js'));
    return [
      ...linkBreaches({ ...tree, sources: others }, (link) => {
        const crypto = link.package === 'node:crypto' || link.package === 'crypto';
        return crypto && !link.typeOnly && link.names.some((name) => FROM_CRYPTO.test(name)) ? instead : undefined;
      }),
      ...others.flatMap((source) => codeBreaches(source, /\bMath\s*\.\s*random\b/g, instead)),
      ...others.flatMap((source) =>
        codeBreaches(source, /\bcrypto\s*\.\s*(?:getRandomValues|random\w*|subtle)\b/g, instead),
      ),
    ];
  },
  caught: [
    oneFile('src/domain/users/a.ts', "import { randomBytes } from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import { createHash, randomUUID as id } from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import { randomInt } from 'crypto';"),
    oneFile('src/domain/users/a.ts', "import { timingSafeEqual } from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import { webcrypto } from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import crypto from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import * as c from 'node:crypto';"),
    oneFile('src/kit/a.ts', 'const id = crypto.randomUUID();'),
    oneFile('src/kit/a.ts', 'globalThis.crypto.getRandomValues(bytes);'),
    oneFile('src/kit/a.ts', 'const n = Math.random();'),
  ],
  passed: [
    oneFile('src/kit/secret.ts', "import { randomBytes, timingSafeEqual } from 'node:crypto';"),
    oneFile('src/domain/users/a.ts', "import { createHash } from 'node:crypto'; // never Math.random()"),
  ],
};

const environment: Rule = {
  says: 'only config.ts reads the environment',
  breaches(tree) {
    const instead = 'add the name to src/config.ts, with its default, and read it from ctx.config';
    const others = tree.sources.filter(({ path }) => path !== 'src/config.ts');
    return [
      ...others.flatMap((source) =>
        codeBreaches(source, /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[|=\s*process\s*[;,)]/g, instead),
      ),
      ...linkBreaches({ ...tree, sources: others }, (link) => {
        const process = link.package === 'node:process' || link.package === 'process';
        return process && link.names.some((name) => ['env', 'default', '*'].includes(name)) ? instead : undefined;
      }),
    ];
  },
  caught: [
    oneFile('src/kit/a.ts', 'if (process.env.DEBUG) {}'),
    oneFile('src/kit/a.ts', "process['env'].DEBUG;"),
    oneFile('src/kit/a.ts', 'const { env } = process;'),
    oneFile('src/kit/a.ts', "import { env } from 'node:process';"),
    oneFile('src/kit/a.ts', "import process from 'node:process';"),
  ],
  passed: [
    oneFile('src/config.ts', 'read(process.env);'),
    oneFile('src/main.ts', 'run(process.argv); process.exitCode = 1; // not process.env'),
    oneFile('src/main.ts', "import { argv } from 'node:process';"),
  ],
};

const cookies: Rule = {
  says: 'only the frame of the pages writes cookies, in web/cookies.ts',
  breaches(tree) {
    const instead = `return the change (a session opened or closed, a notice); ${FRAME} writes the cookie, with its prefix and flags`;
    const others = tree.sources.filter(({ path }) => path !== COOKIES);
    return [
      ...others.flatMap((source) => codeBreaches(source, COOKIE_WRITE, instead)),
      ...others.flatMap((source) => literalBreaches(source, /^set-cookie2?$/i, instead)),
      ...linkBreaches(tree, ({ file, typeOnly }, { path }) =>
        file === COOKIES && !typeOnly && !COOKIE_HOLDERS.includes(path) ? instead : undefined,
      ),
    ];
  },
  caught: [
    oneFile('src/web/entrance/login.ts', "reply.setCookie('a', 'b');"),
    oneFile('src/web/entrance/logout.ts', "return reply\n  .clearCookie('a');"),
    oneFile('src/web/front.ts', "reply.setCookie('a', 'b');"),
    oneFile('src/web/entrance/login.ts', "import { cookieJar } from '#web/cookies.ts';"),
    oneFile('src/web/front/entering.ts', "import { cookieJar } from '#web/cookies.ts';"),
    oneFile('src/api/endpoint.ts', "reply.header('Set-Cookie', 'a=b');"),
    oneFile('src/web/assets/theme.js', "document.cookie = 'theme=dark';"),
  ],
  passed: [
    oneFile('src/web/cookies.ts', "reply.setCookie('a', 'b');"),
    oneFile('src/web/front.ts', "import { cookieJar } from '#web/cookies.ts';"),
    oneFile('src/web/page.ts', "import type { CookieName } from '#web/cookies.ts';"),
    oneFile('src/web/entrance/login.ts', "visit.cookies.get('a'); // no reply.setCookie() here"),
  ],
};

const COOKIE_WRITE = /\.\s*(?:setCookie|clearCookie|serializeCookie|cookie)\s*\(|\bdocument\s*\.\s*cookie\b/g;

const SQL_WRITE =
  /\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|merge\s+into|delete\s+from|truncate\s+table|update\s+(?:or\s+\w+\s+|only\s+)?\S+\s+set)\b/i;
const KYSELY_WRITE = /\.\s*(?:insertInto|replaceInto|mergeInto|updateTable|deleteFrom)\s*(?:<[^>]*>\s*)?\(/g;

const tableWrites: Rule = {
  says: 'only a *.table.ts changes a table (and kit, and migrations)',
  breaches: ({ sources }) =>
    sources
      .filter(({ path }) => !path.endsWith('.table.ts') && !path.startsWith('src/kit/') && !path.endsWith('.js'))
      .flatMap((source) => {
        const instead = "put the statement into the table's own *.table.ts, as a function named as a sentence";
        return [...codeBreaches(source, KYSELY_WRITE, instead), ...literalBreaches(source, SQL_WRITE, instead)];
      }),
  caught: [
    oneFile('src/domain/users/users.ts', "await ctx.db.insertInto('users').values(row).execute();"),
    oneFile('src/domain/users/users.ts', "await ctx.db\n  .updateTable('users');"),
    oneFile('src/domain/users/user-list.view.ts', "ctx.db.deleteFrom('users');"),
    oneFile('src/cli/seed.ts', 'sql`insert into users (name) values (1)`;'),
    oneFile('src/cli/seed.ts', 'sql`INSERT OR IGNORE INTO users (name) values (1)`;'),
    oneFile('src/domain/doctor/a.ts', 'sql`update $' + '{table} set a = 1`;'),
    oneFile('src/domain/doctor/a.ts', 'run("delete from users");'),
  ],
  passed: [
    oneFile('src/domain/users/users.table.ts', "ctx.db.insertInto('users'); sql`update users set a = 1`;"),
    oneFile('src/kit/database/migrate.ts', "db.insertInto('migrations');"),
    oneFile('src/domain/users/users.ts', "ctx.db.selectFrom('users'); // then insertInto('x')"),
    oneFile('src/domain/users/users.ts', "const says = 'update your address';"),
  ],
};

const doorsWithoutSql: Rule = {
  says: 'a door speaks no SQL',
  breaches(tree) {
    const instead = 'ask a function of the topic; what is missing there is written there';
    const doors = tree.sources.filter(({ path }) => doorKindOf(path) !== undefined);
    return [
      ...linkBreaches({ ...tree, sources: doors }, (link) =>
        ['kysely', 'pg', 'node:sqlite'].includes(link.package ?? '') ? instead : undefined,
      ),
      ...doors.flatMap((source) => codeBreaches(source, /\.\s*(?:selectFrom|selectNoFrom)\s*\(/g, instead)),
    ];
  },
  caught: [
    oneFile('src/web/admin/a.ts', "import { sql } from 'kysely';"),
    oneFile('src/api/actions/users/GetUsers.ts', "ctx.db.selectFrom('users');"),
  ],
  passed: [oneFile('src/domain/users/a.ts', "import { sql } from 'kysely';\nctx.db.selectFrom('users');")],
};

const clock: Rule = {
  says: 'topics and doors take the time from ctx.now()',
  breaches: ({ sources }) =>
    sources
      .filter(({ path }) => (topicOf(path) ?? doorKindOf(path)) !== undefined && !path.endsWith('.js'))
      .flatMap((source) =>
        codeBreaches(
          source,
          /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?=[;,)]))/g,
          'ask ctx.now(), so that tests can stop the clock',
        ),
      ),
  caught: [
    oneFile('src/domain/users/a.ts', 'const at = Date.now();'),
    oneFile('src/web/client/a.ts', 'const year = new Date().getFullYear();'),
  ],
  passed: [
    oneFile('src/domain/users/a.ts', 'const at = ctx.now(); const day = new Date(at);'),
    oneFile('src/context.ts', 'const now = Date.now;'),
  ],
};

const webServer: Rule = {
  says: 'topics, pages and actions know no web server: they are given plain values and give plain answers',
  breaches: (tree) =>
    linkBreaches(tree, (link, { path }) => {
      const server = link.package === 'fastify' || link.package?.startsWith('@fastify/');
      if (!server || !/^src\/(domain|web\/(entrance|client|admin)|api\/actions)\//.test(path)) return undefined;
      return 'let the frame (web/front.ts, api/endpoint.ts) read the request and write the answer';
    }),
  caught: [
    oneFile('src/domain/users/a.ts', "import type { FastifyRequest } from 'fastify';"),
    oneFile('src/web/client/a.ts', "import type { FastifyReply } from 'fastify';"),
    oneFile('src/api/actions/client/AddClient.ts', "import cookie from '@fastify/cookie';"),
  ],
  passed: [oneFile('src/web/front.ts', "import type { FastifyRequest } from 'fastify';")],
};

const actionNames: Rule = {
  says: 'every file of api/actions is named for an action of the WHMCS catalogue, and lies in the folder of a group',
  breaches: (tree: Tree) => tree.sources.flatMap((source) => misnamedAction(tree, source)),
  caught: [
    oneFile('src/api/actions/client/MakeClient.ts', '', { actions: new Set(['AddClient']) }),
    oneFile('src/api/actions/client/addclient.ts', '', { actions: new Set(['AddClient']) }),
    oneFile('src/api/actions/AddClient.ts', '', { actions: new Set(['AddClient']) }),
    {
      files: { 'src/api/actions/client/AddClient.ts': '', 'src/api/actions/users/AddClient.ts': '' },
      rest: { actions: new Set(['AddClient']) },
    },
  ],
  passed: [
    oneFile('src/api/actions/client/AddClient.ts', '', { actions: new Set(['AddClient']) }),
    oneFile('src/api/actions/client/AddClient.test.ts', '', { actions: new Set() }),
    oneFile('src/api/action.ts', ''),
  ],
};

function misnamedAction({ actions, sources }: Tree, { path }: Source): Breach[] {
  const [, place] = path.match(/^src\/api\/actions\/(.*)\.ts$/) ?? [];
  if (place === undefined) return [];
  const [name = '', group] = place.split('/').reverse();
  if (group === undefined) return [fileBreach(path, 'lies in no group', 'put it into src/api/actions/<group>/')];
  if (!actions.has(name)) {
    return [
      fileBreach(
        path,
        `is no action of src/api/catalogue.json`,
        'name it as WHMCS does, or move it beside api/actions',
      ),
    ];
  }
  const twin = sources.find(
    (other) => other.path !== path && other.path.endsWith(`/${name}.ts`) && other.path.startsWith('src/api/actions/'),
  );
  return twin === undefined ? [] : [fileBreach(path, `is there twice, also as ${twin.path}`, 'keep one')];
}

/** The rules of powers and places. */
export const powerRules: readonly Rule[] = [
  proof,
  strangers,
  randomness,
  environment,
  cookies,
  tableWrites,
  doorsWithoutSql,
  clock,
  webServer,
  actionNames,
];
