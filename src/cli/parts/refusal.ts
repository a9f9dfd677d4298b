// What a command threw, as one clear line for the person at the terminal.

import { Problem } from '#kit/problem.ts';
import { ConfigFault } from '#src/config.ts';
import type { Key } from '#src/locales/words.ts';
import { isKey, translator } from '#src/locales/words.ts';

const t = translator('en');

/** The line. A ConfigFault gives one for each name that is wrong. Never an address with a password in it. */
export function refusalWords(error: unknown): string {
  if (error instanceof ConfigFault) return error.faults.join('\n');
  if (error instanceof Problem) return problemWords(error);
  return faultWords(error);
}

function problemWords(problem: Problem): string {
  const fields = Object.entries(problem.fields);
  if (fields.length === 0) return sentence(problem.code, problem.values);
  return fields.map(([field, code]) => `${optionName(field)}: ${sentence(code, problem.values)}`).join(' ');
}

function sentence(code: string, values: Problem['values']): string {
  const key = `errors.${code}`;
  return isKey(key) ? t(key satisfies Key, values) : `Refused: ${code}`;
}

/** The field `firstName` is the option `--first-name` here. */
function optionName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function faultWords(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error];
  const words = [...new Set(causes.map(causeWords))].join('; ');
  return withoutPasswords(words.split('\n')[0] ?? words);
}

function causeWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return `${addressOf(error)} is in use by another program: choose another with --port.`;
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen')
    return `${addressOf(error)} may not be used by this user: choose a port above 1023 with --port.`;
  if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'].includes(code))
    return `The database does not answer (${error.message || code}).`;
  return error.message || code || error.name;
}

function addressOf(error: Error): string {
  const [host, port] = ['address' in error ? String(error.address) : '', 'port' in error ? String(error.port) : ''];
  return `The address ${host}:${port}`;
}

function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:…@');
}
