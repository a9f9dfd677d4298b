import { newPlace } from './parts/place.ts';
import { populate, signedIn, apiBody, FORM } from './parts/people.ts';
import { startServer } from './parts/server.ts';
import { loadServer } from './parts/load.ts';
const [what = 'session', seconds = '4', rounds = '3'] = process.argv.slice(2);
const place = await newPlace(undefined);
const people = await populate(place, 50);
const bare = await startServer('bare', { folder: place.folder });
const server = await startServer('doorward', { environment: place.environment });
const headers = await signedIn(server.origin, '/login', 'p0@example.test');
const staff = await signedIn(server.origin, '/admin/login', 'root');
const targets: Record<string, [typeof bare, object]> = {
  bare: [bare, { path: '/row/key-3' }],
  session: [server, { path: '/bench/session', headers }],
  page: [server, { path: `/account/${people.customers[0]!.clientId}`, headers }],
  healthz: [server, { path: '/healthz', headers }],
  login: [server, { path: '/login' }],
  admin: [server, { path: '/admin/clients', headers: staff }],
  details: [server, { path: '/includes/api.php', method: 'POST', headers: { 'content-type': FORM }, body: apiBody(people, 'GetClientsDetails', { clientid: 1 }) }],
};
try {
  for (let round = 0; round < Number(rounds); round++)
    for (const name of what.split(',')) {
      const [s, request] = targets[name]!;
      const r = await loadServer(s, { requests: [request as never], connections: 32, expected: 200 }, Number(seconds));
      console.log(name.padEnd(8), Math.round(r.perSecond), '/s', Math.round(r.cpuMsEach * 1000), 'us cpu', r.busy.toFixed(2), 'busy');
    }
} finally { await server.stop(); await bare.stop(); await place.drop(); }
