// What clients announce of choices that topics below them keep the rules of; heard in the same transaction, and refused there.

import type { Actor } from '#domain/audit/actor.ts';
import { defineEvent } from '#kit/events.ts';

/** The account itself no longer wants letters about domains: somebody else must get them (behaviours.md 1.12). */
export const clientDomainLettersOff = defineEvent<{ clientId: number }>('client.domain-letters-off');

/** Another contact was chosen for billing; never 0. */
export const clientBillingContactChosen = defineEvent<{ clientId: number; contactId: number }>(
  'client.billing-contact-chosen',
);

/** Marketing letters were agreed to or taken back by a change of the account, or agreed to when it was made. */
export const clientMarketingChanged = defineEvent<{
  clientId: number;
  address: string;
  optedIn: boolean;
  actor: Actor;
  isNew: boolean;
}>('client.marketing-changed');
