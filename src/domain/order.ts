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
  { name: 'access', about: 'Who owns a client account and who may do what there.' },
  { name: 'sessions', about: 'Being signed in. A Proof opens a session.' },
  { name: 'login', about: 'Becoming signed in: the steps, the way back by letter.' },
  { name: 'signup', about: 'Flows that make people and accounts together.' },
  { name: 'sso', about: 'One-use tokens and where they lead.' },
  { name: 'seed', about: 'Made-up people for trying things out and for measuring.' },
];
