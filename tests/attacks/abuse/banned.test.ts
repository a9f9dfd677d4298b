// Whoever is banned and writes their requests by hand: what draws the page of the ban stays open to them, and no spelling of an
// address that begins like it leads anywhere else. Over a socket, since a program that reads addresses mends them first.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { banAddress } from '#domain/guard/bans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('a banned visitor who writes requests by hand', (database) => {
  let world: World;
  let port = 0;
  before(async () => {
    world = await testWorld(database);
    await world.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = world.app.server.address() as AddressInfo); // it listens by TCP
    await banAddress(world.ctx, systemActor('Test'), {
      range: '127.0.0.1',
      reason: '',
      reasonShown: false,
      expiresAt: undefined,
      source: 'manual',
    });
  });
  after(() => world.close());

  const raw = async (line: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    return text(socket);
  };

  test('reaches no page, no form and no answer of a program by any spelling of an address', async () => {
    const roads = [
      ...[
        '/assets/../login',
        '/assets/./../login',
        '/assets/..%2flogin',
        '/assets/%2e%2e/login',
        '/assets/%2e%2e%2flogin',
      ],
      ...['/assets//login', '/assets/../admin/login', '/assets/\\..\\login', '/assets/..;/login', '/assets/;/../login'],
      ...[
        '/assets/?/../login',
        '/assets/#/../login',
        '/assets/..%252flogin',
        '/assets/%00/../login',
        '/assets/brand.css/../../login',
      ],
      ...[
        '/assets/../../package.json',
        '/assets/..%2f..%2fapp.ts',
        '/assets/../includes/api.php',
        '/assets/..%2fmetrics',
      ],
      ...['/healthz/../login', '/healthz;/login', '/readyz/../login', '/healthz?/../login', '/healthz/'],
      ...[
        'http://localhost/login',
        'http://localhost/assets/../login',
        'http://assets/login',
        'https:///assets/../login',
        'x://assets/login',
      ],
      ...['//assets/../login', '/Assets/../login', '/ASSETS/x', '*', '/%61ssets/../login'],
    ];
    for (const road of roads)
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS']) {
        const answer = await raw(`${method} ${road}`);
        const says = `${method} ${road}: ${answer.slice(0, 300)}`;
        assert.match(answer, /^HTTP\/1\.1 (?:403|40[045]|301|302)/, says);
        assert.doesNotMatch(
          answer,
          /name="(?:email|username|password|csrf)"|"dependencies"|createApp|result=error|doorward_/,
          says,
        );
        assert.doesNotMatch(answer, /set-cookie: [^\r]*(?:session|admin)/i, says);
      }
    assert.match(await raw('GET /assets/doorward.css'), /^HTTP\/1\.1 200/);
    assert.match(await raw('GET /login'), /^HTTP\/1\.1 403/);
  });
});
