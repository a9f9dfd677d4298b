// Load over loopback: as many requests as fit into a time, by autocannon in this process; the server stands in another.

import type { Request } from 'autocannon';
import autocannon from 'autocannon';
import type { Sample } from './compare.ts';
import type { Server } from './server.ts';

/** A load: these requests again and again. */
export type Load = {
  readonly requests: readonly Request[];
  readonly connections: number;
  /** The one status that is counted; anything else stops the measurement. */
  readonly expected: number;
  /** The status of the requests that only lead to one that is counted. */
  readonly onTheWay?: number;
};

/** The longest that a slow server is loaded for when fewer answers than connections came in the time given. */
const PATIENCE_S = 60;

/**
 * Loads a server for some seconds; for longer when it was so slow, or the machine so busy, that not even each connection
 * had its answer. Throws when any answer was not the expected one.
 */
export async function loadServer(server: Server, load: Load, seconds: number): Promise<Sample> {
  for (let time = seconds; ; time = Math.min(time * 4, PATIENCE_S)) {
    const { done, sample } = await loadedFor(server, load, time);
    if (done >= load.connections || (time >= PATIENCE_S && done > 0)) return sample;
    if (time >= PATIENCE_S) throw new Error(`no answer in ${time} seconds`);
  }
}

async function loadedFor(
  server: Server,
  load: Load,
  seconds: number,
): Promise<{ readonly done: number; readonly sample: Sample }> {
  const before = await server.usage();
  const from = performance.now();
  const result = await autocannon({
    url: server.origin,
    connections: load.connections,
    duration: seconds,
    timeout: 2 * PATIENCE_S,
    requests: load.requests.some((one) => one.setupRequest) ? [...load.requests] : load.requests.slice(0, 1),
    setupClient: dealer(load),
  });
  const tookMs = performance.now() - from;
  const after = await server.usage();
  const done = result.statusCodeStats[load.expected]?.count ?? 0;
  const wanted = [String(load.expected), String(load.onTheWay ?? '')];
  const others = Object.keys(result.statusCodeStats).filter((status) => !wanted.includes(status));
  if (result.errors > 0 || result.timeouts > 0 || others.length > 0)
    throw new Error(
      `answers that were not ${load.expected}: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`,
    );
  const cpuMs = after.cpuMs - before.cpuMs;
  const sample = {
    perSecond: done / result.duration,
    cpuMsEach: cpuMs / done,
    busy: cpuMs / tookMs,
    p99Ms: result.latency.p99,
  };
  return { done, sample };
}

/**
 * Deals the requests out to the connections, so that two never begin with the same person at once and none has to build
 * them all; a list shorter than the connections is gone through by each, from another place.
 */
function dealer({ requests, connections }: Load): (client: { setRequests(requests: Request[]): void }) => void {
  let turn = 0;
  return (client) => {
    const at = turn++;
    if (requests.length < 2 || requests.some((one) => one.setupRequest)) return;
    const own =
      requests.length >= connections
        ? requests.filter((_, index) => index % connections === at % connections)
        : [...requests.slice(at % requests.length), ...requests.slice(0, at % requests.length)];
    client.setRequests(own.map((one) => ({ ...one })));
  };
}
