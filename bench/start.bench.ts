// From the command to the first page, and what the process then holds.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median, milliseconds } from './parts/compare.ts';
import type { Place } from './parts/place.ts';
import { residentBytes } from './parts/resident.ts';
import type { Line } from './parts/workload.ts';
import { workload } from './parts/workload.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/doorward', import.meta.url));

export default workload({
  title: 'Start and memory',
  about:
    'From `bin/doorward serve` to the first answered sign-in page: once on an empty data folder (which also makes the tables and measures what a password hash should cost), then again on the same data. Memory is the resident set of the process two seconds after that page, when nothing asks it anything.',
  async run(bench) {
    const place = await bench.place();
    const first = await started(place);
    const again = [];
    for (let time = 0; time < (bench.quick ? 1 : 5); time += 1) again.push(await started(place));
    return [
      { what: 'start on an empty data folder', measured: milliseconds(first.tookMs) },
      { what: 'start on data that is there', measured: milliseconds(median(again.map((one) => one.tookMs))) },
      { what: 'memory at rest', measured: mebibytes(median(again.map((one) => one.bytes))) },
    ] satisfies Line[];
  },
});

/** Starts a Doorward as its operator does, waits for its first page, and stops it. */
async function started(place: Place): Promise<{ tookMs: number; bytes: number }> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(LAUNCHER, ['serve'], {
    env: { ...process.env, ...place.environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await firstPage(`http://127.0.0.1:${port}/login`, from + 30_000);
    const tookMs = performance.now() - from;
    await new Promise((done) => setTimeout(done, 2000));
    return { tookMs, bytes: residentBytes(child.pid ?? 0) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function firstPage(url: string, until: number): Promise<void> {
  while (performance.now() < until) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((done) => setTimeout(done, 2));
  }
  throw new Error(`${url} was not answered in time`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
