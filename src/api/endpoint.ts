// /includes/api.php: the one endpoint of the WHMCS-compatible API.

import type { FastifyInstance } from 'fastify';
import type { Context } from '#src/context.ts';

/** Registers the endpoint and finds the actions. */
export async function registerApi(_app: FastifyInstance, _ctx: Context): Promise<void> {}
