// Holds a document to the tests that it names: each file in `code`, each test in *emphasis* (an … stands for a part left out).

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Reads a document of the repository. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What a document names that is not there: test files anywhere in it, and names of tests in these rows. */
export function missingTests(text: string, rows: readonly string[]): string[] {
  const files = globSync(['src/**/*.test.ts', 'tests/**/*.test.ts'], { cwd: ROOT });
  const everything = files.map(documentText).join('\n').replaceAll('\\', '');
  const paths = [...text.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, path = '']) => path);
  const names = rows.flatMap((row) => [...row.matchAll(/\*([^*`|]{12,})\*/g)].map(([, name = '']) => name));
  return [
    ...paths.filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`))),
    ...names.filter((name) => !isSaid(name, everything)),
  ];
}

// Names of settings and permissions are emphasised too; they begin with a capital.
function isSaid(name: string, tests: string): boolean {
  const parts = name.split('…').map((part) => part.trim());
  return parts.every((part) => tests.includes(part)) || /^[A-Z]/.test(name) || name.startsWith('require a new');
}
