// Sending what waits in the outbox: one letter at a time, tried again with growing pauses until its use is over.

import type { SendMailOptions, Transporter } from 'nodemailer';
import { createTransport } from 'nodemailer';
import type { LetterRow } from '#domain/mail/letters.table.ts';
import { endLetter, expireLetters, leaseDueLetter, postponeLetter } from '#domain/mail/letters.table.ts';
import { mailFromAddress, mailFromName, mailHeldBack } from '#domain/mail/mail.settings.ts';
import type { SealedLetter } from '#domain/mail/outbox.ts';
import { unsealLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import { isMailAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const PAUSES = [seconds(30), minutes(2), minutes(10), minutes(30), hours(1), hours(4)];

/** Sends every letter that is due. Without a mail server, or while all are held back, they wait. Answers how many left. */
export async function postLetters(ctx: Context): Promise<number> {
  await expireLetters(ctx);
  const url = ctx.config.smtpUrl;
  if (!url || (await settingOf(ctx, mailHeldBack))) return 0;
  const server = createTransport({
    url,
    connectionTimeout: seconds(15),
    greetingTimeout: seconds(15),
    socketTimeout: seconds(30),
  });
  try {
    let sent = 0;
    for (let row = await leaseDueLetter(ctx, minutes(2)); row; row = await leaseDueLetter(ctx, minutes(2))) {
      const went = await post(ctx, server, row);
      if (went === 'sent') sent += 1;
      // The others would each wait for it as long: with a thousand of them, for hours.
      if (went === 'no-server') break;
    }
    return sent;
  } finally {
    server.close();
  }
}

/** What became of a try. `no-server`: it cannot be reached, hangs, or takes nothing from us at all. */
type Went = 'sent' | 'not-sent' | 'no-server';

async function post(ctx: Context, server: Transporter, row: LetterRow): Promise<Went> {
  const letter = unsealLetter(ctx, row);
  if (!letter) {
    await endLetter(ctx, row.id, 'failed', 'The letter could not be unsealed: was the installation key changed?');
    return 'not-sent';
  }
  if (!isMailAddress(row.to_address)) {
    await endLetter(ctx, row.id, 'failed', 'This is no address that a letter can be sent to.');
    return 'not-sent';
  }
  try {
    await server.sendMail(await envelope(ctx, row, letter));
  } catch (error) {
    const refusal = refusalOf(error);
    await failed(ctx, row, refusal);
    return refusal.ofThisLetter ? 'not-sent' : 'no-server';
  }
  await endLetter(ctx, row.id, 'sent');
  return 'sent';
}

async function envelope(ctx: Context, row: LetterRow, letter: SealedLetter): Promise<SendMailOptions> {
  const host = new URL(await publicOrigin(ctx)).hostname;
  const name = (await settingOf(ctx, mailFromName)) || (await settingOf(ctx, companyName));
  const address = (await settingOf(ctx, mailFromAddress)) || `no-reply@${host}`;
  return {
    from: { name, address },
    to: letter.shownTo ?? { name: letter.name, address: row.to_address },
    // A copy says whom the letter went to, and goes to somebody else.
    ...(letter.shownTo ? { envelope: { from: address, to: row.to_address } } : {}),
    subject: row.subject,
    text: letter.text,
    html: letter.html,
    messageId: `<letter-${row.id}-${row.created_at}@${host}>`, // the same at each try: a mail server can tell a repeat
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834
      'X-Auto-Response-Suppress': 'All',
      ...unsubscribeHeaders(letter.unsubscribeUrl),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** By which mail programs offer a button of their own (RFC 2369); one click is for https alone (RFC 8058, 3.1). */
function unsubscribeHeaders(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return {};
  const oneClick = url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {};
  return { 'List-Unsubscribe': `<${url}>`, ...oneClick };
}

/** Why a letter did not leave. `code` 0: the server did not say. */
type Refusal = { readonly reason: string; readonly code: number; readonly ofThisLetter: boolean };

function refusalOf(error: unknown): Refusal {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string }; // nodemailer's own
  return {
    reason: error instanceof Error ? error.message.slice(0, 300) : 'unknown',
    code: responseCode,
    ofThisLetter: responseCode > 0 && /^(RCPT TO|DATA)$/.test(command),
  };
}

/**
 * A refusal for good (5xx) of the recipient or of the letter ends it. Anything else waits for the next try, while the letter
 * is still of use: also a 5xx to our own name and password, or to our sender, which the operator will put right.
 */
async function failed(ctx: Context, row: LetterRow, { reason, code, ofThisLetter }: Refusal): Promise<void> {
  const again = ctx.now() + (PAUSES[Math.min(row.attempts - 1, PAUSES.length - 1)] ?? hours(4));
  ctx.log.warn({ letter: row.id, code, reason }, 'a letter could not be sent');
  if (code >= 500 && code < 600 && ofThisLetter) return endLetter(ctx, row.id, 'failed', reason);
  if (again >= row.expires_at) return endLetter(ctx, row.id, 'failed', reason);
  return postponeLetter(ctx, row.id, again, reason);
}
