// Single requests, timed one by one: at a steady pace, or one after the other.

import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.ts';

/** A request. */
export type Asked = {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** A request at a pace, for some time. */
export type Probing = Asked & { readonly everyMs: number; readonly seconds: number };

/**
 * Asks at a steady pace whether or not the answers keep up, so that a stall counts for each request that it delays.
 * Answers the milliseconds of each; throws unless all are 200.
 */
export async function probe(server: Server, asked: Probing): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const from = performance.now();
  const under: Promise<number>[] = [];
  for (let due = 0; due < asked.seconds * 1000; due += asked.everyMs) {
    const early = from + due - performance.now();
    if (early > 0) await sleep(early);
    under.push(timed(server, asked, agent));
  }
  const times = await Promise.all(under);
  agent.destroy();
  return times;
}

/** What one answer took: in all, and of that in the database (servers that were told to say so). */
export type Told = { readonly tookMs: number; readonly databaseMs: number; readonly body: string };

/** Asks `times` times, each after the one before. */
export async function askInTurn(server: Server, asked: Asked, times: number): Promise<Told[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const told: Told[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const from = performance.now();
    const answer = await ask(server, asked, agent);
    told.push({ ...answer, tookMs: performance.now() - from });
  }
  agent.destroy();
  return told;
}

async function timed(server: Server, asked: Asked, agent: Agent): Promise<number> {
  const from = performance.now();
  await ask(server, asked, agent);
  return performance.now() - from;
}

async function ask(
  server: Server,
  { path, method = 'GET', headers, body }: Asked,
  agent: Agent,
): Promise<{ readonly body: string; readonly databaseMs: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      server.origin + path,
      { method, headers: { ...headers, ...length(body) }, agent },
      async (answer) => {
        const read = await text(answer);
        if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}`));
        resolve({ body: read, databaseMs: Number(answer.headers['x-bench-database-ms'] ?? Number.NaN) });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function length(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
