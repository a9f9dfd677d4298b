// Reads the command line and runs one command; nothing else.

import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything else is imported. In a folder of ours: in the shared temporary one, others of this machine could plant code.
enableCompileCache(fileURLToPath(new URL('../.cache/compile/', import.meta.url)));

const { runCommandLine } = await import('#cli/parts/command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
