// A real mail server for the tests: it takes letters over SMTP, keeps them parsed, and can refuse or hang like the worst of them.

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** A letter as it arrived. `from` and `to` are the envelope's, which decide where it goes; the rest is what a reader sees. */
export type ReceivedLetter = {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Every address (http, https) in the text, else in the HTML, in order, each once. */
  readonly links: readonly string[];
  /** A header by its name, in any case; the first one of that name. */
  header(name: string): string | undefined;
  readonly raw: string;
};

/** A running server. */
export type TestSmtp = {
  /** For `DOORWARD_SMTP_URL`; with the name and password, if the server asks for them. */
  readonly url: string;
  /** All that arrived, in order; a letter is here before its sender hears that it was taken. */
  readonly letters: readonly ReceivedLetter[];
  /**
   * Gives the first letter for which `wanted` holds, arrived already or yet to come; a text stands for a recipient's address.
   * Throws after `patience` milliseconds, naming what arrived instead.
   */
  waitForLetter(wanted: string | ((letter: ReceivedLetter) => boolean), patience?: number): Promise<ReceivedLetter>;
  /** Answers `code` (4xx: try later, 5xx: never) to every such recipient; call what it gives to take letters again. */
  refuse(recipient: string | RegExp, code: number, message?: string): () => void;
  /** Stops answering: to new connections, or to letters after their last byte; call what it gives to answer, late. */
  hang(at: 'greeting' | 'letter'): () => void;
  /** Ends it, and the connections with it. */
  stop(): Promise<void>;
};

/** What the server asks of a sender. */
export type SmtpOptions = {
  /** Who may send; without it nobody is asked. */
  readonly auth?: { readonly user: string; readonly password: string };
};

/** Starts a server on a free port of 127.0.0.1, without TLS. */
export async function startSmtp(options: SmtpOptions = {}): Promise<TestSmtp> {
  const box = new LetterBox();
  const refusals = new Set<Refusal>();
  const gates = { greeting: new Gate(), letter: new Gate() };
  const server = new SMTPServer({
    disabledCommands: options.auth === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    authOptional: options.auth === undefined,
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, answer) {
      const known = username === options.auth?.user && password === options.auth?.password;
      answer(known ? undefined : replyOf(535, 'Invalid username or password'), known ? { user: username } : undefined);
    },
    onConnect(_session, answer) {
      gates.greeting.pass(() => answer());
    },
    onRcptTo({ address }, _session, answer) {
      const refusal = [...refusals].find(({ recipient }) => matches(address, recipient));
      answer(refusal === undefined ? undefined : replyOf(refusal.code, refusal.message));
    },
    onData(stream, session, answer) {
      letterOf(stream, session).then(
        (letter) =>
          gates.letter.pass(() => {
            box.add(letter);
            answer();
          }),
        (fault: Error) => answer(fault),
      );
    },
  });
  // A connection that we or the sender cut is no fault of the server.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => sockets.add(socket));
  await once(listener, 'listening');

  return {
    url: urlOf(listener.address(), options.auth),
    letters: box.letters,
    waitForLetter: (wanted, patience = 5_000) =>
      box.wait(typeof wanted === 'string' ? ({ to }) => to.includes(wanted) : wanted, patience),
    refuse(recipient, code, message = code < 500 ? 'Try again later' : 'No such mailbox') {
      const refusal = { recipient, code, message };
      refusals.add(refusal);
      return () => void refusals.delete(refusal);
    },
    hang: (at) => gates[at].close(),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(done));
    },
  };
}

type Refusal = { readonly recipient: string | RegExp; readonly code: number; readonly message: string };

/** Lets work pass, unless it is closed: then it waits until it is opened again. */
class Gate {
  #waiting: (() => void)[] | undefined;

  pass(work: () => void): void {
    if (this.#waiting === undefined) work();
    else this.#waiting.push(work);
  }

  close(): () => void {
    this.#waiting ??= [];
    return () => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const work of waiting) work();
    };
  }
}

class LetterBox {
  readonly letters: ReceivedLetter[] = [];
  readonly #waiting = new Set<(letter: ReceivedLetter) => void>();

  add(letter: ReceivedLetter): void {
    this.letters.push(letter);
    for (const hear of this.#waiting) hear(letter);
  }

  wait(wanted: (letter: ReceivedLetter) => boolean, patience: number): Promise<ReceivedLetter> {
    const here = this.letters.find(wanted);
    if (here !== undefined) return Promise.resolve(here);
    return new Promise((resolve, reject) => {
      const hear = (letter: ReceivedLetter) => {
        if (!wanted(letter)) return;
        stopWaiting();
        resolve(letter);
      };
      const giveUp = setTimeout(() => {
        stopWaiting();
        reject(new Error(`no such letter within ${patience} ms; there are: ${this.#summary()}`));
      }, patience);
      const stopWaiting = () => {
        clearTimeout(giveUp);
        this.#waiting.delete(hear);
      };
      this.#waiting.add(hear);
    });
  }

  #summary(): string {
    if (this.letters.length === 0) return 'none at all';
    return this.letters.map(({ to, subject }) => `"${subject}" to ${to.join(', ')}`).join('; ');
  }
}

async function letterOf(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<ReceivedLetter> {
  const raw = Buffer.concat(await stream.toArray());
  const { subject = '', text = '', html = '', headers } = await PostalMime.parse(raw);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    subject,
    text,
    html,
    links: linksIn(text === '' ? html.replaceAll('&amp;', '&') : text),
    header: (name) => headers.find(({ key }) => key === name.toLowerCase())?.value,
    raw: raw.toString('utf8'),
  };
}

function linksIn(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
  // A full stop or bracket after an address belongs to the sentence.
  return [...new Set(found.map((link) => link.replace(/[.,;:!?)\]]+$/, '')))];
}

function matches(address: string, recipient: string | RegExp): boolean {
  return typeof recipient === 'string' ? address.toLowerCase() === recipient.toLowerCase() : recipient.test(address);
}

/** The form in which smtp-server takes an answer of ours. */
function replyOf(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

function urlOf(address: AddressInfo | string | null, auth: SmtpOptions['auth']): string {
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port');
  const who = auth === undefined ? '' : `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@`;
  return `smtp://${who}127.0.0.1:${address.port}`;
}
