// Rows behind the set-up pages of signing in: a provider, a security question, somebody who lost their second factor.

import { systemActor } from '#domain/audit/actor.ts';
import { addQuestion } from '#domain/credentials/security-questions.ts';
import { addProvider } from '#domain/login/federation/providers.ts';
import type { World } from '#tests/world.ts';

/** Makes one of each, with `text` wherever a person types one. Answers their ids. */
export async function addSignInRecords(
  world: World,
  text: string,
): Promise<{ readonly provider: number; readonly question: number; readonly recovery: number }> {
  const { ctx, cast } = world;
  const actor = systemActor('Test');
  const provider = await addProvider(ctx, actor, 'openid', 'one', {
    name: text,
    issuer: 'https://id.example.test',
    clientId: 'doorward',
    secret: 'a secret of theirs',
    teamId: '',
    keyId: '',
    scopes: '',
    forUsers: true,
    forAdministrators: true,
    enabled: false,
    trustsAddress: false,
    acceptsFactor: false,
    factorLevels: '',
  });
  const question = await addQuestion(ctx, actor, text);
  const { id } = await ctx.db
    .insertInto('recoveries')
    .values({
      user_id: cast.eve.id,
      reason: text,
      ip: '192.0.2.1',
      cancel_hash: 'none',
      asked_at: ctx.now(),
      expires_at: ctx.now() + 86_400_000,
      approved_at: null,
      approved_by: null,
      approver_user_id: null,
      note: text,
      ready_at: null,
      used_at: null,
      ended_at: null,
      ended_why: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { provider, question, recovery: id };
}
