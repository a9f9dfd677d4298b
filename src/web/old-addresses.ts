// The old addresses of WHMCS, which lead to our pages.

import type { FastifyInstance } from 'fastify';

/** Registers them. */
export function registerOldAddresses(_app: FastifyInstance): void {}
