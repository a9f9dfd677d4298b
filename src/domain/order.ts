// The topics in their order. A topic may use only topics above it; tests/rules.test.ts says so.

/** A topic: its folder below src/domain and what it is about. */
export type Topic = { readonly name: string; readonly about: string };

/** The ordered list. */
export const topics: readonly Topic[] = [
  { name: 'audit', about: 'Who did what to whom; append only.' },
  { name: 'settings', about: 'What an administrator may change, typed; found in every *.settings.ts.' },
  { name: 'jobs', about: 'What is done again and again: one process at a time runs each.' },
  { name: 'mail', about: 'The outbox: letters are rows of the same transaction, sent by a job.' },
  { name: 'guard', about: 'Banned addresses, rate limits, whose address a request has, tokens against forged forms.' },
  { name: 'credentials', about: 'What a person proves themselves with: passwords; further factors stand beside them.' },
  { name: 'users', about: 'People: their names, their address, their password.' },
  { name: 'administrators', about: 'Staff, their roles and permissions, and the credentials of programs.' },
  { name: 'clients', about: 'Client accounts: the profile, the status, the groups.' },
  {
    name: 'modules',
    about: "The operator's own code: what it hears, what it is asked, and how its faults stay its own.",
  },
  { name: 'fields', about: 'What an operator asks of clients beyond the profile: custom fields and their values.' },
  { name: 'contacts', about: "A client's address book, and which letters reach which address." },
  { name: 'consent', about: 'Who agreed to marketing letters, since when, and how they took it back.' },
  { name: 'notes', about: 'What staff note about a client: dated, and some always in sight.' },
  { name: 'credit', about: "A client's balance and the log of all that changed it." },
  { name: 'files', about: 'Files of a client: checked, kept in the database, handed out and never opened.' },
  { name: 'access', about: 'Who owns a client account and who may do what there.' },
  { name: 'lists', about: 'What staff do with lists: filters they keep, exports, one change to many clients.' },
  { name: 'devices', about: 'The browsers that people use: known, trusted, remembered.' },
  { name: 'sessions', about: 'Being signed in. A Proof opens a session.' },
  { name: 'login', about: 'Becoming signed in: the steps, the way back by letter.' },
  { name: 'verification', about: 'Whether an address was proved to be its person’s, by a letter and a sign-in.' },
  { name: 'signup', about: 'Flows that make people and accounts together.' },
  {
    name: 'self-service',
    about: 'What people do with their own person: another address, a copy of their data, leaving for good.',
  },
  {
    name: 'recovery',
    about: 'The way back for whoever lost every second factor: two people, a waiting time, a way to say no.',
  },
  { name: 'sso', about: 'One-use tokens and where they lead.' },
  { name: 'support', about: 'How support finds out whom it speaks to: a PIN, a question on their screen.' },
  { name: 'alerts', about: 'What the home of an account tells before all else.' },
  { name: 'merging', about: 'Two client accounts become one, and how that is undone.' },
  { name: 'webhooks', about: 'Other programs are told of what happens, signed, until they have heard it.' },
  {
    name: 'correspondence',
    about: 'Letters that staff and programs send: to a client, to staff, to oneself for a look.',
  },
  { name: 'seed', about: 'Made-up people for trying things out and for measuring.' },
];
