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

/** Loads a server for some seconds. Throws when any answer was not the expected one. */
export async function loadServer(server: Server, load: Load, seconds: number): Promise<Sample> {
  const before = await server.usage();
  const from = performance.now();
  const result = await autocannon({
    url: server.origin,
    connections: load.connections,
    duration: seconds,
    timeout: 60,
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
  if (done === 0) throw new Error(`no answer in ${seconds} seconds`);
  return {
    perSecond: done / result.duration,
    cpuMsEach: (after.cpuMs - before.cpuMs) / done,
    busy: (after.cpuMs - before.cpuMs) / tookMs,
    p99Ms: result.latency.p99,
  };
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
