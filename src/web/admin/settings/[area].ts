// The settings of one area as a form, made from what the topics say of them.

import type { DuoFault } from '#domain/credentials/duo-service.ts';
import { duoFault } from '#domain/credentials/duo-service.ts';
import { publicUrl } from '#domain/settings/general.settings.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import type { Setting, SettingArea } from '#domain/settings/setting.ts';
import { changeSettings, settingTexts } from '#domain/settings/settings.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { isKey } from '#src/locales/words.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { readOnlyField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { pageIndex } from '#web/parts/page-index.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { tabs } from '#web/parts/tabs.ts';
import { settingField, settingLabel, settingText, staysAsItIs } from '#web/setting-field.ts';
import type { SettingSection } from '#web/setting-sections.ts';
import { findArea, OWN_PAGES, SETTING_AREAS, sectionsOf } from '#web/setting-sections.ts';

const LIST = '/admin/settings';
/** The tick with which the operator says that another public address is meant. */
const SURE = 'public-url-sure';
/** So many are seen at once; more get an index. */
const FEW_SECTIONS = 4;

export default page({
  who: { is: 'staff', permission: 'Configure General Settings' },
  stepUp: true,
  get: async (visit) => {
    const area = areaOf(visit);
    const stored = await settingTexts(visit.ctx);
    const duo = area === 'security' ? await duoFault(visit.ctx) : undefined;
    return show(picture(visit, { area, stored, origin: await publicOrigin(visit.ctx), duo }));
  },
  post: change,
});

type Known = {
  readonly area: SettingArea;
  readonly stored: ReadonlyMap<string, string>;
  /** The public address as it holds now. */
  readonly origin: string;
  /** Why Duo does not work, where it was entered: asked as soon as it is (behaviours.md 6.1, row 11). */
  readonly duo: DuoFault | undefined;
};

function areaOf(visit: Visit): SettingArea {
  const area = findArea(visit.params['area']);
  if (area === undefined) throw notFound('page-not-found');
  return area;
}

async function change(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const area = areaOf(visit);
  const asked = sectionsOf(ctx.settings, area)
    .flatMap((section) => section.settings)
    .filter((setting) => overriddenBy(visit, setting) === undefined && !staysAsItIs(given, setting));
  const texts = Object.fromEntries(asked.map((setting) => [setting.name, settingText(given, setting)]));
  await requireMeantAddress(visit, texts);
  const changed = await changeSettings(ctx, actor, texts);
  return goTo(`${LIST}/${area}`, {
    tone: 'success',
    key: 'admin.settings.changed',
    values: { count: changed.length },
  });
}

/**
 * Every link in letters is made of the public address, and its scheme decides the cookies: a wrong one shuts everybody
 * out. So another host than the one the operator is at just now has to be meant.
 */
async function requireMeantAddress(visit: Visit, texts: Readonly<Record<string, string>>): Promise<void> {
  const typed = texts[publicUrl.name];
  if (typed === undefined || visit.form.has(SURE)) return;
  const before = (await settingTexts(visit.ctx)).get(publicUrl.name);
  const read = publicUrl.kind.read(typed);
  if ('fault' in read || read.value === before) return;
  if (isElsewhere(visit, typed)) throw invalid({ [publicUrl.name]: 'public-url-elsewhere' }, { here: visit.host });
}

/** Whether an address as typed leads to another host than the visitor is at. */
function isElsewhere(visit: Visit, typed: string): boolean {
  const read = publicUrl.kind.read(typed);
  if ('fault' in read) return false;
  return new URL(read.value || `http://localhost:${visit.ctx.config.port}`).host !== visit.host;
}

/** The name in the environment that goes before a setting, where it is given. */
function overriddenBy({ ctx }: Visit, setting: Setting<unknown>): string | undefined {
  return setting.name === publicUrl.name && ctx.config.publicUrl !== undefined ? 'DOORWARD_URL' : undefined;
}

function picture(visit: Visit, known: Known): Html {
  const { frame, errors, ctx } = visit;
  const { t } = frame;
  const sections = sectionsOf(ctx.settings, known.area);
  const isLong = sections.length > FEW_SECTIONS;
  const apart = Object.entries(OWN_PAGES).filter(([name]) => ctx.settings.get(name)?.area === known.area);
  return adminRoom(frame, {
    title: t(`settings.area.${known.area}`),
    heading: t('admin.settings.title'),
    tabs: tabs(frame, {
      label: t('admin.settings.title'),
      items: SETTING_AREAS.map((area) => ({ href: `${LIST}/${area}`, text: t(`settings.area.${area}`) })),
    }),
    errors,
    body: stack(
      ...remarks(visit, known),
      isLong &&
        pageIndex(
          frame,
          sections.map(({ name }) => ({ href: `#${placeOf(name)}`, text: t(`admin.settings.section.${name}`) })),
        ),
      card({
        body: form(frame, {
          errors,
          isLong,
          button: t('admin.settings.save'),
          body: html`${sections.map((section) => sectionPicture(visit, known, section))}`,
        }),
      }),
      apart.length > 0 &&
        card({
          title: t('admin.settings.apart'),
          flush: linkList(apart.map(([name, href]) => ({ href, title: settingLabel(frame, name) }))),
        }),
    ),
  });
}

/** What to know before changing anything here. */
function remarks(visit: Visit, { area, origin, duo }: Known): (Html | false)[] {
  const { frame, ctx, host, ip } = visit;
  const { t } = frame;
  switch (area) {
    case 'general':
      return [
        new URL(origin).host !== host &&
          remark({ tone: 'warning', body: t('admin.settings.elsewhere', { origin, here: host }) }),
      ];
    case 'mail':
      return [ctx.config.smtpUrl === undefined && remark({ tone: 'warning', body: t('admin.settings.noMailServer') })];
    case 'security':
      return [
        duo !== undefined &&
          remark({
            tone: 'danger',
            title: t('factors.duo.trouble'),
            body: html`${t(`factors.duo.trouble.${duo.trouble}`)} ${t('factors.duo.trouble.said', { why: duo.why })}`,
          }),
        remark({
          tone: 'info',
          body: html`${t('admin.settings.seenAs', { ip })}${
            ctx.config.trustedProxies.length > 0 &&
            ` ${t('admin.settings.proxiesToo', { ranges: ctx.config.trustedProxies.join(', ') })}`
          }`,
        }),
      ];
    case 'people':
    case 'api':
      return [];
  }
}

/** Of a section in its page. The ids of fields begin otherwise. */
function placeOf(name: SettingSection['name']): string {
  return `section-${name}`;
}

function sectionPicture(visit: Visit, known: Known, section: SettingSection): Html {
  const { t } = visit.frame;
  const intro = `admin.settings.section.${section.name}.intro`;
  return formSection({
    id: placeOf(section.name),
    title: t(`admin.settings.section.${section.name}`),
    intro: isKey(intro) ? t(intro) : undefined,
    body: html`${section.settings.map((setting) => fieldPicture(visit, known, setting))}`,
  });
}

function fieldPicture(visit: Visit, known: Known, setting: Setting<unknown>): Html {
  const { frame, form: given } = visit;
  const { t } = frame;
  const variable = overriddenBy(visit, setting);
  if (variable !== undefined)
    return readOnlyField(frame, {
      label: settingLabel(frame, setting.name),
      value: known.origin,
      why: t('admin.settings.overridden', { variable }),
    });
  const field = settingField(visit, setting, known.stored.get(setting.name) ?? '');
  const asks = setting.name === publicUrl.name && given.given && isElsewhere(visit, settingText(given, setting));
  const sure =
    asks &&
    checkbox(frame, {
      name: SURE,
      label: t('admin.settings.sure'),
      help: t('admin.settings.sure.help'),
      checked: given.has(SURE),
    });
  return html`${field}${sure}`;
}
