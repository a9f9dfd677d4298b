// Sends a letter to a client: which one, how it looks, to whom it goes; then one button.

import type { ReadyLetter } from '#domain/correspondence/client-letters.ts';
import { isSendable, readyLetter, sendableTemplates, sendToClient } from '#domain/correspondence/client-letters.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { templateOf } from '#domain/mail/email-templates.ts';
import { contentOf } from '#domain/mail/letter.ts';
import { stationeryFor } from '#domain/mail/stationery.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import { faultWords, sheet } from '#web/letter-template-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { buttonClass, linkButton } from '#web/parts/button.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { may, wholeNumber } from '#web/staff.ts';

/** In the query: `template`, the number of one or `own`. Fields, for a letter in own words: subject, body; act=preview only shows it. */
export default page({
  who: { is: 'staff', permission: 'Mass Mail' },
  limit: { name: 'letters-by-hand', most: 120, withinMs: minutes(10) },
  get: async (visit) => show(await picture(visit)),
  post: async (visit): Promise<Answer> => {
    const file = await clientFileOf(visit);
    if (visit.form.text('act') === 'preview') return show(await picture(visit));
    const count = await sendToClient(visit.ctx, visit.actor, file.client.id, await messageOf(visit));
    return goTo(backLink(visit, file).href, { tone: 'success', key: 'templates.send.done', values: { count } });
  },
});

async function messageOf(visit: Visit) {
  if (visit.query['template'] === 'own') return ownWords(visit);
  return { template: await chosen(visit) };
}

function ownWords({ form: given }: Visit) {
  return { subject: given.text('subject'), body: given.text('body'), category: 'general' } as const;
}

async function chosen(visit: Visit): Promise<EmailTemplate> {
  const id = wholeNumber(visit.query['template']);
  const template = id === undefined ? undefined : await templateOf(visit.ctx, id);
  if (!template || !isSendable(template)) throw notFound('letter-template-not-found');
  return template;
}

async function picture(visit: Visit): Promise<Html> {
  const { t } = visit.frame;
  const file = await clientFileOf(visit);
  const which = visit.query['template'];
  return clientStep(visit, file, {
    title: t('templates.send.title', { name: file.name }),
    back: which === undefined ? backLink(visit, file) : { href: visit.path, text: t('templates.send.choose') },
    body: await step(visit, file, which),
  });
}

function step(visit: Visit, file: ClientFile, which: string | undefined): Promise<Html> {
  if (which === undefined) return choice(visit);
  return which === 'own' ? ownLetter(visit, file) : lastLook(visit, file);
}

/** Where one came from, or as far as the role leads. */
function backLink(visit: Visit, file: ClientFile): { href: string; text: string } {
  const { t } = visit.frame;
  if (may(visit, 'View Email Message Log')) return { href: `${file.href}/letters`, text: t('templates.send.back') };
  return may(visit, 'View Clients Summary')
    ? { href: file.href, text: file.name }
    : { href: '/admin', text: t('common.admin.home') };
}

async function choice(visit: Visit): Promise<Html> {
  const { t } = visit.frame;
  const templates = await sendableTemplates(visit.ctx);
  return card({
    title: t('templates.send.choose'),
    intro: t('templates.send.choose.intro'),
    flush: linkList([
      { href: `${visit.path}?template=own`, title: t('templates.send.own'), text: t('templates.send.own.text') },
      ...templates.map((one) => ({ href: `${visit.path}?template=${one.id}`, title: one.name })),
    ]),
  });
}

async function lastLook(visit: Visit, file: ClientFile): Promise<Html> {
  const { frame } = visit;
  const { t } = frame;
  const template = await chosen(visit);
  const ready = await readyLetter(visit.ctx, file.client.id, { template }).catch(faultWords(visit));
  if ('fault' in ready) return remark({ tone: 'warning', body: ready.fault });
  return stack(
    await letterCard(visit, ready),
    card({
      body: form(frame, {
        errors: visit.errors,
        button: t('templates.send.button', { count: ready.recipients.length }),
        secondary: linkButton({ href: visit.path, text: t('templates.cancel') }),
        body: recipients(visit, ready),
      }),
    }),
  );
}

async function ownLetter(visit: Visit, file: ClientFile): Promise<Html> {
  const { frame, errors, form: given } = visit;
  const { t } = frame;
  const isPreview = given.text('act') === 'preview';
  const ready = isPreview
    ? await readyLetter(visit.ctx, file.client.id, ownWords(visit)).catch(faultWords(visit))
    : undefined;
  return stack(
    card({
      body: form(frame, {
        errors,
        button: t('templates.send.button.own'),
        secondary: html`<button type="submit" name="act" value="preview" class="${buttonClass({ tone: 'plain' })}">${t('templates.preview')}</button>`,
        body: html`${textField(frame, {
          name: 'subject',
          label: t('templates.field.subject'),
          value: given.text('subject'),
          errors,
          required: true,
          maxlength: 500,
          autocomplete: 'off',
        })}${textArea(frame, {
          name: 'body',
          label: t('templates.field.body'),
          help: t('templates.field.body.help'),
          value: given.text('body'),
          errors,
          required: true,
          rows: 12,
          maxlength: 50_000,
        })}`,
      }),
    }),
    ready && 'fault' in ready && remark({ tone: 'warning', body: ready.fault }),
    ready && !('fault' in ready) && (await letterCard(visit, ready)),
  );
}

async function letterCard(visit: Visit, { letter, recipients: to }: ReadyLetter): Promise<Html> {
  const filled = { subject: letter.subject, ...contentOf(letter) };
  const stationery = await stationeryFor(visit.ctx, 'customers');
  const language = { code: letter.language, direction: letter.direction };
  return card({
    title: visit.frame.t('templates.preview.title'),
    intro: to.map((one) => one.address).join(', '),
    body: sheet(visit, filled, { stationery, url: letter.button?.url ?? '', language }),
  });
}

function recipients({ frame }: Visit, { recipients: to }: ReadyLetter): Html {
  const { t } = frame;
  const several = to.length > 1 && html`<p class="text-secondary">${t('templates.send.recipients.each')}</p>`;
  const list = html`${to.map(({ name, address }, at) => html`${at > 0 && html`<br>`}${name} &lt;${address}&gt;`)}`;
  return html`${definitions(frame, [{ term: t('templates.send.recipients'), value: list }])}${several}`;
}
