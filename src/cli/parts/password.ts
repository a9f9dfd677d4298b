// A password for a command: from standard input alone, where neither the history of a shell nor a list of processes shows it.

import type { Terminal } from '#kit/command-line.ts';
import { WrongUsage } from '#kit/command-line.ts';

/** The option that every command with a password has. */
export const passwordOption = {
  about: 'reads the password from standard input; the only way to give one',
} as const;

/** Reads it. Throws WrongUsage when the person did not say that it comes that way. */
export async function passwordFrom(terminal: Terminal, stdin: boolean): Promise<string> {
  if (!stdin) throw new WrongUsage('Say --password-stdin, and give the password on standard input.');
  return terminal.secret('Password');
}
