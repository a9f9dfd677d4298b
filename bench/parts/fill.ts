// Fills a place with very many clients in little time: straight into the tables as the migrations left them, so that every
// index, trigger and search index does its part.

import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { ClientRow } from '#domain/clients/clients.table.ts';
import { clientKeys } from '#domain/clients/clients.table.ts';
import { databaseFile } from '#src/config.ts';
import { configOf, type Place } from './place.ts';

/** A name that three clients have, whatever their number, and one that two in a hundred have. */
export const RARE = 'quillfeather';
export const COMMON = 'smith';

const BATCH = 5000;
const FIRST = ['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fatima', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Liam', 'Mei'];
const LAST = [
  'Moreau',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Silva',
  'Tanaka',
  'Ueda',
  'Vogel',
  'Weber',
  'Xu',
  'Young',
];
const TRADE = ['Hosting', 'Bakery', 'Design', 'Legal', 'Logistics', 'Medical', 'Music', 'Travel', 'Energy', 'Print'];

/** Adds clients until there are `count`. The place must hold a database of this version, and nobody may have it open. */
export async function fillClients(place: Place, count: number): Promise<void> {
  if (place.databaseUrl) await fillPostgres(place.databaseUrl, count);
  else fillSqlite(databaseFile(configOf(place.environment)), count);
}

function fillSqlite(path: string, count: number): void {
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous=off; pragma cache_size=-400000; pragma temp_store=memory');
  const there = Number(database.prepare('select count(*) as n from clients').get()?.n);
  const columns = Object.keys(clientRow(0));
  const insert = database.prepare(`insert into clients (${columns}) values (${columns.map(() => '?')})`);
  for (let from = there; from < count; from += BATCH) {
    database.exec('begin');
    for (let number = from; number < Math.min(count, from + BATCH); number += 1)
      insert.run(...Object.values(clientRow(number)));
    database.exec('commit');
  }
  database.exec('analyze; pragma wal_checkpoint(truncate)');
  database.close();
}

async function fillPostgres(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set synchronous_commit = off');
  const there = Number((await client.query('select count(*) as n from clients')).rows[0]?.n);
  const columns = Object.keys(clientRow(0)).join(',');
  for (let from = there; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => clientRow(from + at));
    const text = `insert into clients (${columns}) select ${columns} from json_populate_recordset(null::clients, $1)`;
    await client.query(text, [JSON.stringify(rows)]);
  }
  await client.query('vacuum analyze clients');
  await client.end();
}

/** The client of a number: always the same, so that every run fills alike. */
function clientRow(number: number): Omit<ClientRow, 'id'> {
  const rare = number % 331 === 330 && number < 993;
  const pick = (from: readonly string[], salt: number): string =>
    from[(number * 2654435761 + salt) % from.length] ?? '';
  const named = {
    first_name: pick(FIRST, 1),
    last_name: number % 50 === 7 ? 'Smith' : pick(LAST, 3),
    company_name: rare ? `Quillfeather ${number}` : `${pick(TRADE, 5)} ${pick(LAST, 7)} ${number}`,
    email: `client${number}@${pick(TRADE, 2).toLowerCase()}.example.test`,
  };
  return {
    uuid: randomUUID(),
    ...named,
    ...clientKeys(named),
    address1: `${(number % 200) + 1} Placeholder Road`,
    address2: '',
    city: 'Sampletown',
    state: 'Sampleshire',
    postcode: 'AB12 3CD',
    country: 'GB',
    phone_number: '+44.2079460000',
    tax_id: '',
    language: '',
    currency_id: 1,
    group_id: 0,
    default_gateway: '',
    billing_contact_id: 0,
    notes: '',
    status: number % 10 === 9 ? 'Inactive' : number % 25 === 3 ? 'Closed' : 'Active',
    credit_minor: 0,
    tax_exempt: 0,
    late_fee_override: 0,
    override_due_notices: 0,
    separate_invoices: 0,
    disable_auto_cc: 0,
    override_auto_close: 0,
    allow_sso: 1,
    marketing_opt_in: 0,
    email_preferences: '{"general":true,"invoice":true,"support":true,"product":true,"domain":true,"affiliate":true}',
    signup_ip: '192.0.2.1',
    created_at: Date.UTC(2020, 0, 1) + number * 60_000,
    updated_at: Date.UTC(2020, 0, 1) + number * 60_000,
    closed_at: null,
  };
}
