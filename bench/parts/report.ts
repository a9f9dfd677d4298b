// The findings, as text for the terminal and as docs/performance.md.

import type { DatabaseName, Line } from './workload.ts';

/** What a workload found on a database, or why it found nothing. */
export type Result = { readonly database: DatabaseName } & ({ readonly lines: Line[] } | { readonly fault: string });

/** What a workload found. */
export type Found = { readonly title: string; readonly about: string; readonly results: readonly Result[] };

const NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

/** A result for the terminal. */
export function asText(result: Result | undefined): string {
  if (!result) return '';
  if ('fault' in result) return `  failed: ${result.fault}`;
  const width = Math.max(...result.lines.map((line) => line.what.length));
  return result.lines.map((line) => `  ${line.what.padEnd(width)}  ${told(line).join('; ')}`).join('\n');
}

/** All of it as a document. */
export function asDocument(found: readonly Found[], machine: readonly string[], command: string): string {
  const heading = [
    '# Performance',
    'Written by the command below; do not edit it. Each figure stands beside its limit or its rival, measured in the same run in turn with it, in medians over the rounds. Everything runs on one machine: the server, the database and the load generator share its cores.',
    ['```', command, '```'].join('\n'),
    machine.map((fact) => `- ${fact}`).join('\n'),
  ];
  return `${[...heading, summary(found), ...found.map(section)].join('\n\n')}\n`;
}

/** Which goals were missed: whoever reads only this must not think better of us than the tables. */
function summary(found: readonly Found[]): string {
  const missed = found.flatMap(({ title, results }) =>
    results.flatMap((result) => {
      if ('fault' in result) return [`- ${title} on ${NAMES[result.database]}: it failed`];
      return result.lines
        .filter((line) => line.goal?.met === false)
        .map((line) => `- ${title} on ${NAMES[result.database]}: ${line.what}, ${told(line).join('; ')}`);
    }),
  );
  return missed.length === 0 ? 'Every goal was met.' : ['Goals that were missed:', '', ...missed].join('\n');
}

function section({ title, about, results }: Found): string {
  return [`## ${title}`, about, ...results.map(table)].join('\n\n');
}

function table(result: Result): string {
  const name = `**${NAMES[result.database]}**`;
  if ('fault' in result) return `${name}: it failed.`;
  const rows = result.lines.map(
    (line) => `| ${[line.what, line.measured, line.beside ?? '', goal(line)].join(' | ')} |`,
  );
  return [name, '', '| what | measured | beside | goal |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function told(line: Line): string[] {
  return [line.measured, line.beside ?? '', goal(line)].filter((text) => text !== '');
}

function goal({ goal: aim }: Line): string {
  return aim ? `${aim.text}: ${aim.met ? 'met' : 'missed'}` : '';
}
