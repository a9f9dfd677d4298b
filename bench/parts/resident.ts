// The memory that another process really holds.

import { execFileSync } from 'node:child_process';

/** The resident set of a process in bytes, as `ps` tells it (Linux and macOS). */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * 1024;
}
