// What a merge would do, in numbers, before anybody decides.

import { invitationsOf } from '#domain/access/invitations.ts';
import { peopleOf } from '#domain/access/members.ts';
import { alertsOf } from '#domain/alerts/alerts.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { contactsToTake } from '#domain/contacts/merged-contacts.ts';
import { valuesToTake } from '#domain/fields/merged-values.ts';
import { countFiles } from '#domain/files/files.ts';
import { countLettersOf } from '#domain/mail/outbox.ts';
import type { MergeFault } from '#domain/merging/merging.ts';
import { mergeFault } from '#domain/merging/merging.ts';
import { countNotes } from '#domain/notes/notes.ts';
import type { Context } from '#src/context.ts';

/** What would move, and what would stay behind because the target has its own. Money in minor units. */
export type MergePlan = {
  readonly fault: MergeFault | undefined;
  /** People who would become members of the target, and those who are already. */
  readonly joining: number;
  readonly alreadyIn: number;
  /** Whether its owner is one of those who would join: as a member with every permission. */
  readonly ownerJoins: boolean;
  readonly contacts: number;
  readonly contactsKnown: number;
  readonly notes: number;
  readonly files: number;
  /** Counted up to COUNT_CAP, as notes are. */
  readonly letters: number;
  readonly alerts: number;
  readonly fieldsFilled: number;
  readonly fieldsKept: number;
  readonly invitations: number;
  readonly creditMinor: number;
};

/** Counts what would become of one account as a part of another. Throws not-found `client-not-found`. */
export async function mergePlan(ctx: Context, from: number, into: number): Promise<MergePlan> {
  const [one, other] = [await clientOf(ctx, from), await clientOf(ctx, into)];
  const there = new Set((await peopleOf(ctx, into)).map(({ user }) => user.id));
  const people = await peopleOf(ctx, from);
  const joining = people.filter(({ user }) => !there.has(user.id));
  const contacts = await contactsToTake(ctx, from, into);
  const values = await valuesToTake(ctx, from, into);
  return {
    fault: mergeFault(one, other),
    joining: joining.length,
    alreadyIn: people.length - joining.length,
    ownerJoins: joining.some(({ member }) => member.isOwner),
    contacts: contacts.moving,
    contactsKnown: contacts.known,
    notes: await countNotes(ctx, from),
    files: await countFiles(ctx, from),
    letters: await countLettersOf(ctx, from),
    alerts: (await alertsOf(ctx, from)).length,
    fieldsFilled: values.filling,
    fieldsKept: values.known,
    invitations: (await invitationsOf(ctx, from)).length,
    creditMinor: one.creditMinor,
  };
}
