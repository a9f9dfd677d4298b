// Brings the database at an address (or in a file) to the migrations of a folder, and says what it applied.

import { pathToFileURL } from 'node:url';
import { migrate } from '#kit/database/migrate.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';

const [place = '', folder = ''] = process.argv.slice(2);
const database = place.startsWith('postgres:') ? openPostgres(place, () => {}) : openSqlite(place);
const applied = await migrate(database, pathToFileURL(`${folder}/`), Date.now);
console.log(JSON.stringify(applied));
await database.close();
