// From the words of a command line to one command, and from what it throws to one clear line.

import { readFileSync } from 'node:fs';
import { refusalWords } from '#cli/parts/refusal.ts';
import { openTerminal } from '#cli/parts/terminal.ts';
import type { Command, Group } from '#kit/command-line.ts';
import { carryOut, columns, DONE, entryIn, firstSentence, isHelp, WRONG_USAGE } from '#kit/command-line.ts';
import { discover } from '#kit/discover.ts';

const COMMANDS = new URL('../', import.meta.url);
const REFUSED = 1;

/** Runs one command line. Answers the exit code: 0 done, 1 refused or failed (standard error says why), 2 wrong usage. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const [name, ...rest] = args;
  if (isHelp(name) || name === 'help') {
    terminal.out(await overview());
    return DONE;
  }
  if (name === '--version') {
    terminal.out(`${version()}\n`);
    return DONE;
  }
  const entry = name === undefined ? undefined : await findCommand(name);
  if (name === undefined || !entry) {
    terminal.say(`${name === undefined ? '' : `There is no command "${name}".\n\n`}${await overview()}`);
    return WRONG_USAGE;
  }
  try {
    return await carryOut(`doorward ${name}`, entry, rest, terminal);
  } catch (error) {
    terminal.say(`${refusalWords(error)}\n`);
    return REFUSED;
  }
}

/** The command of this name: the file of this name. Only that file is loaded. */
async function findCommand(name: string): Promise<Command | Group | undefined> {
  if (!/^[a-z]+$/.test(name)) return undefined;
  const found = await discover(COMMANDS, `${name}.ts`);
  return entryIn(found.find((file) => file.path === `${name}.ts`)?.module);
}

async function overview(): Promise<string> {
  const files = (await discover(COMMANDS, '.ts')).filter((file) => !file.path.includes('/'));
  const rows = files.flatMap((file) => {
    const entry = entryIn(file.module);
    const name = file.path.replace(/\.ts$/, '');
    const more = entry?.is === 'group' ? ` ${Object.keys(entry.commands).join('|')}` : '';
    return entry ? [[`${name}${more}`, firstSentence(entry.about)] as const] : [];
  });
  return `Doorward ${version()}: the front door of a hosting or SaaS business.

Usage: doorward COMMAND [options]

${columns(rows)}
Help for one: doorward COMMAND --help
Settings come from the environment (DOORWARD_DATA, DOORWARD_DATABASE_URL, DOORWARD_URL, …): docs/operate/configuration.md
`;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
