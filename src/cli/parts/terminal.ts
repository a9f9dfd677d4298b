// The terminal of a command: results to standard output, words to standard error, secrets from standard input.

import type { Terminal } from '#kit/command-line.ts';
import { WrongUsage } from '#kit/command-line.ts';

const LONGEST_SECRET = 64 * 1024;
// What the keys send while the terminal hands over every sign as it is typed.
const ENTER = ['\r', '\n'];
const RUB_OUT = ['\b', '\u007f'];
const GIVE_UP = ['\u0003', '\u0004'];

/** The terminal of this process. */
export function openTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    secret: (what) => (process.stdin.isTTY ? typedBlindly(what) : piped()),
  };
}

async function piped(): Promise<string> {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) {
    text += part;
    if (text.length > LONGEST_SECRET) throw new WrongUsage('What came on standard input is too long to be a secret.');
  }
  return text.replace(/\r?\n$/, '');
}

/** Reads a line that is not shown while it is typed. */
function typedBlindly(what: string): Promise<string> {
  const input = process.stdin.setRawMode(true).setEncoding('utf8');
  process.stderr.write(`${what} (it is not shown): `);
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (): void => {
      input.off('data', hear).setRawMode(false).pause();
      process.stderr.write('\n');
    };
    const hear = (typed: string): void => {
      for (const sign of typed) {
        if (GIVE_UP.includes(sign) || ENTER.includes(sign)) {
          end();
          if (ENTER.includes(sign)) resolve(text);
          else reject(new WrongUsage('Given up.'));
          return;
        }
        text = RUB_OUT.includes(sign) ? [...text].slice(0, -1).join('') : text + sign;
      }
    };
    input.on('data', hear);
  });
}
