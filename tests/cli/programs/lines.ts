// Carries out the command lines that standard input holds as JSON, one after the other, and prints how each ended: a process
// for each would start the same program again and again.

import { text } from 'node:stream/consumers';
import { mock } from 'node:test';
import { runCommandLine } from '#cli/parts/command-line.ts';

const ended: { code: number; out: string; err: string }[] = [];
for (const args of JSON.parse(await text(process.stdin)) as string[][]) {
  const said = { out: '', err: '' };
  const hear = (what: keyof typeof said) => (words: string) => {
    said[what] += words;
    return true;
  };
  const heard = [mock.method(process.stdout, 'write', hear('out')), mock.method(process.stderr, 'write', hear('err'))];
  ended.push({ code: await runCommandLine(args), ...said });
  for (const one of heard) one.mock.restore();
}
process.stdout.write(JSON.stringify(ended));
