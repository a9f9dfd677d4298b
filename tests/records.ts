// One of everything that a client's file may hold, for tests that walk all pages.

import { invite } from '#domain/access/invitations.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import { addAlert } from '#domain/alerts/alerts.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { addContact, NO_LETTERS } from '#domain/contacts/contacts.ts';
import { changeCredit } from '#domain/credit/credit.ts';
import { addField, listFields } from '#domain/fields/custom-fields.ts';
import { storeValues } from '#domain/fields/field-values.ts';
import { addFile } from '#domain/files/files.ts';
import { addProvider } from '#domain/login/federation/providers.ts';
import { mergeClients } from '#domain/merging/merging.ts';
import { addNote } from '#domain/notes/notes.ts';
import { oneLine } from '#kit/text.ts';
import type { World } from '#tests/world.ts';
import { profile } from '#tests/world.ts';

/** The ids of what was added. */
export type Records = {
  readonly contact: number;
  readonly note: number;
  readonly file: number;
  readonly alert: number;
  readonly invitation: number;
  readonly merge: number;
  readonly field: number;
};

/** Adds a contact, a sticky note, a shared file, an alert, an invitation, a merged account, a hidden custom field, credit and consent to a client, all of them named `word`. */
export async function addRecords(world: World, clientId: number, word = 'Record'): Promise<Records> {
  const { ctx } = world;
  const actor = systemActor(word);
  await changeClient(ctx, actor, clientId, { marketingOptIn: true });
  await changeCredit(ctx, actor, clientId, { type: 'add', amountMinor: 1250, description: word });
  return {
    contact: await addContact(ctx, actor, clientId, {
      firstName: word,
      lastName: word,
      companyName: word,
      email: `record${clientId}@example.test`,
      address1: word,
      address2: word,
      city: word,
      state: word,
      postcode: word.slice(0, 100),
      taxId: word,
      emailPreferences: { ...NO_LETTERS, invoice: true },
    }),
    note: await addNote(ctx, actor, clientId, { body: `${word}\n${word}`, isSticky: true }),
    file: await addFile(ctx, actor, clientId, {
      upload: { filename: `${word}.txt`, bytes: Buffer.from('Contents of the record.\n') },
      title: word,
      adminOnly: false,
    }),
    alert: await addAlert(ctx, actor, clientId, { text: word, tone: 'warning', link: '/account' }),
    invitation: await invite(ctx, actor, clientId, {
      email: `invited${clientId}@example.test`,
      replace: true,
      permissions: ['tickets'],
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
    }),
    merge: await mergeClients(ctx, actor, await addClient(ctx, actor, profile({ companyName: word })), clientId),
    field: await fillHiddenField(world, clientId, word),
  };
}

let linked = 0;

/** Links an account at a provider of this name with the client's owner; the first of a world has the number 1. */
export async function linkOwner({ ctx }: World, clientId: number, word = 'Record'): Promise<number> {
  linked += 1;
  const provider = await addProvider(ctx, systemActor(word), 'openid', `records-${linked}`, {
    name: word.slice(0, 60),
    issuer: 'https://records.example.test',
    clientId: 'doorward',
    secret: 'a secret of theirs',
    teamId: '',
    keyId: '',
    scopes: '',
    forUsers: true,
    forAdministrators: false,
    enabled: false,
    trustsAddress: false,
    acceptsFactor: false,
    factorLevels: '',
  });
  const { id } = await ctx.db
    .insertInto('linked_identities')
    .values({
      side: 'user',
      user_id: (await ownerIdOf(ctx, clientId)) ?? null,
      administrator_id: null,
      provider_id: provider,
      issuer: 'https://records.example.test',
      subject: `owner ${linked}`,
      email: oneLine(word), // only a mail address gets there, and none turns a text around
      linked_at: ctx.now(),
      last_used_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Fills in the first custom field, a hidden one that is made when there is none yet. */
async function fillHiddenField({ ctx }: World, clientId: number, word: string): Promise<number> {
  const actor = systemActor(word);
  const field =
    (await listFields(ctx))[0]?.id ??
    (await addField(ctx, systemActor('Test'), {
      name: 'Door code',
      description: 'Of the office',
      type: 'password',
      options: [],
      pattern: '',
      adminOnly: true,
      required: false,
      onOrderForm: false,
      onInvoice: false,
      position: 0,
    }));
  await ctx.transaction((tx) => storeValues(tx, actor, clientId, new Map([[field, word]]), { audience: 'staff' }));
  return field;
}
