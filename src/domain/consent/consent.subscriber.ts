// A choice made by a change of the account itself is written down like any other, whichever door it came through.

import type { Actor } from '#domain/audit/actor.ts';
import { clientMarketingChanged } from '#domain/clients/choices.events.ts';
import type { ConsentSource } from '#domain/consent/consent.ts';
import { noteConsent } from '#domain/consent/consent.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Notes it; staff who change a choice among other things, and so without a reason, are refused. */
export const onMarketing: Subscriber<Context> = subscriber(
  clientMarketingChanged,
  async (tx: Context, { clientId, address, optedIn, actor, isNew }) => {
    const source = sourceOf(actor, isNew);
    if (source === 'staff') throw notAllowed('consent-needs-reason');
    await noteConsent(tx, actor, { client: { id: clientId, email: address }, optedIn, source, reason: '' });
  },
);

function sourceOf(actor: Actor, isNew: boolean): ConsentSource {
  switch (actor.kind) {
    case 'administrator':
      if (actor.credentialId !== undefined) return 'api';
      return isNew ? 'registration' : 'staff';
    case 'user':
      return isNew ? 'registration' : 'account';
    case 'stranger':
    case 'system':
      return 'registration';
  }
}
