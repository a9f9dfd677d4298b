// On what it was measured: whoever reads a figure must be able to tell what it is worth.

import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median, milliseconds } from './compare.ts';

/** The machine, the programs, the moment, in a line each. */
export async function machineFacts(): Promise<string[]> {
  const [load = 0] = loadavg();
  return [
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${platform()} ${release()}, Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? ''}`,
    `a durable write of 4 KiB takes ${milliseconds(durableWrite())}`,
    `${new Date().toISOString().slice(0, 10)}; ${quiet(load)}`,
  ];
}

function quiet(load: number): string {
  if (load < 0.5) return `nothing else was running (load ${load.toFixed(1)} at the start)`;
  return `other work was running (load ${load.toFixed(1)} at the start): ratios hold better than figures`;
}

/** What a commit waits for: written and on the disk, in milliseconds. */
function durableWrite(): number {
  const path = join(tmpdir(), `doorward-bench-${process.pid}`);
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const times = Array.from({ length: 50 }, () => {
    const from = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - from;
  });
  closeSync(file);
  rmSync(path);
  return median(times);
}
