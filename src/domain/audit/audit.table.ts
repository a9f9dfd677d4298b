// The audit log: append only. Nothing in Doorward changes or removes a line.

import { hotInsert } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A line of the log as stored. */
export type AuditRow = {
  id: number;
  at: number;
  event: string;
  description: string;
  client_id: number | null;
  user_id: number | null;
  administrator_id: number | null;
  actor_kind: string;
  actor_name: string;
  ip: string;
  details: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    audit_log: Omit<AuditRow, 'id'> & { id: import('kysely').Generated<number> };
  }
}

/** Appends a line. */
export async function insertAuditLine(tx: Context, row: Omit<AuditRow, 'id'>): Promise<void> {
  await APPEND(tx, row);
}

const APPEND = hotInsert<Omit<AuditRow, 'id'>>('audit_log', {
  at: true,
  event: true,
  description: true,
  client_id: true,
  user_id: true,
  administrator_id: true,
  actor_kind: true,
  actor_name: true,
  ip: true,
  details: true,
});
