// Makes the two files that we take from Tabler: assets/tabler.min.css (only the rules that our pages use) and icons.generated.json.
// Run it after an update of Tabler or a change of the lists below: bin/pinned-node src/web/parts/tabler.generate.ts
//
// Why not Tabler's own stylesheet: it is 635 KB for the browser to parse before the first page, and most of it is never used.
// The subset stands in a cascade layer, so doorward.css wins over it without fights about specificity.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The class names that our pages may use from Tabler; a name here matches whole. */
const classes = new RegExp(
  `^(${[
    'container-(fluid|xl)',
    'row|col|col(-(sm|md|lg))?-(auto|[2-9]|1[0-2])|g[xy]?-[0-5]',
    'btn(-(primary|danger|link|sm|icon|list|ghost-secondary|outline-danger))?',
    'form-(control|control-sm|select|label|hint|check|check-label|check-input|check-description)',
    'input-group(-text|-flat)?',
    'card(-(header|title|subtitle|body|footer|table|actions|sm|md))?',
    'table(-(vcenter|responsive|sm|hover))?',
    'badge|avatar|markdown|list-unstyled|icon',
    'd-(sm-|md-|lg-)?(none|block|inline|inline-block|flex|inline-flex|grid)|d-print-none',
    'flex-(row|column|wrap|nowrap|fill|grow-[01]|shrink-[01])',
    '(justify-content|align-items|align-self)-(start|end|center|between|baseline|stretch)|order-(first|last)',
    'gap-[0-5]|[mp][tbsexy]?-[0-5]|m[sex]?-auto|my-auto|w-(auto|100)|h-100|mw-100',
    'text-(start|end|center|nowrap|break|truncate|secondary|muted|reset|decoration-none)',
    'fw-(normal|medium|bold)|fs-[1-5]|font-monospace|lh-1|small|h[1-4]|hr',
    'visually-hidden(-focusable)?|position-relative|overflow-auto|user-select-all',
  ].join('|')})$`,
);

/** The outline icons that our pages may draw. */
const icons =
  `alert-circle alert-triangle api arrow-left ban bell brand-apple brand-github brand-google brand-windows building check chevron-down chevron-left chevron-right
  circle-check clock copy credit-card device-desktop device-mobile dots download edit external-link eye eye-off file-text
  filter fingerprint help history home id-badge inbox info-circle key link lock login-2 logout mail menu-2 network plus receipt
  refresh search selector send server settings shield shield-lock ticket trash user user-circle user-plus users world x`.split(
    /\s+/,
  );

/** A rule or an at-rule with what stands between its braces; `body` is undefined for a statement such as `@charset`. */
type Block = { readonly head: string; readonly body: string | undefined };

/** The kept part of Tabler's stylesheet, small and in its layer. */
export function tablerSubset(): string {
  const whole = readFileSync(require.resolve('@tabler/core/dist/css/tabler.css'), 'utf8');
  const licence = /\/\*![\s\S]*?\*\//.exec(whole)?.[0] ?? '';
  const kept = withoutUnusedVariables(keepRules(whole.replaceAll(/\/\*[\s\S]*?\*\//g, '')));
  return `${licence}\n@layer tabler{${kept}}\n`;
}

/** Whether a class belongs to the part of Tabler that we ship. */
export function isTablerClass(name: string): boolean {
  return classes.test(name);
}

/** The icons by name: the shapes of each, on a 24 by 24 grid. */
export function iconShapes(): Record<string, string> {
  return Object.fromEntries(icons.map((name) => [name, shapesOf(name)]));
}

/** What stands inside an icon's SVG, without the empty square that only holds its size. */
function shapesOf(name: string): string {
  const svg = readFileSync(require.resolve(`@tabler/icons/outline/${name}.svg`), 'utf8');
  const [, inside = ''] = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg) ?? [];
  return inside
    .replace(/<path stroke="none"[^>]*>/, '')
    .replaceAll(/\s*\n\s*/g, '')
    .replaceAll(' />', '/>');
}

/** Goes through the rules of a text; keeps those of which a selector can match on our pages. */
function keepRules(css: string): string {
  return blocksOf(css).map(keepBlock).join('');
}

function keepBlock({ head, body }: Block): string {
  if (body === undefined || head.startsWith('@keyframes') || head.startsWith('@font-face')) return '';
  if (/^@media\b.*\b(prefers-reduced-motion: no-preference)/.test(head)) return '';
  if (head.startsWith('@')) {
    const inner = keepRules(body);
    return inner === '' ? '' : `${head}{${inner}}`;
  }
  const selectors = splitOutside(head, ',').filter(isUsed);
  return selectors.length === 0 ? '' : `${selectors.join(',')}{${tidy(body)}}`;
}

/** Whether a selector names only classes from our list, and none of Tabler's own ways to switch themes. */
function isUsed(selector: string): boolean {
  if (/data-(bs|theme|tblr)|:host|#|\[class|\.theme-/.test(selector)) return false;
  const asked = selector.replaceAll(/:not\([^)]*\)+/g, '');
  return [...asked.matchAll(/\.([\w-]+)/g)].every(([, name = '']) => isTablerClass(name));
}

/** Drops the variables that no kept rule reads, then those that only a dropped one read, and so on. */
function withoutUnusedVariables(css: string): string {
  const read = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  const less = css.replaceAll(/(--tblr-[\w-]+):([^;{}]|\{[^}]*\})*?(;|(?=\}))/g, (all, name) =>
    read.has(name) ? all : '',
  );
  return less === css ? css.replaceAll(/[^{}]*\{\}/g, '') : withoutUnusedVariables(less);
}

function tidy(body: string): string {
  return splitOutside(body, ';')
    .map((line) => line.replaceAll(/\s+/g, ' ').replace(/^([\w-]+): /, '$1:'))
    .filter((line) => line !== '')
    .join(';');
}

/** The blocks of a text, one after the other; strings and brackets are respected. */
function blocksOf(css: string): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  let open = 0;
  let depth = 0;
  for (let at = 0; at < css.length; at++) {
    const sign = css[at];
    if (sign === '"' || sign === "'") at = endOfString(css, at);
    else if (sign === '{' && depth++ === 0) open = at;
    else if (sign === '}' && --depth === 0) {
      blocks.push({ head: css.slice(start, open).trim().replaceAll(/\s+/g, ' '), body: css.slice(open + 1, at) });
      start = at + 1;
    } else if (sign === ';' && depth === 0) {
      blocks.push({ head: css.slice(start, at).trim(), body: undefined });
      start = at + 1;
    }
  }
  return blocks;
}

/** Splits at a sign, but not inside strings or brackets. */
function splitOutside(text: string, sign: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (one === '"' || one === "'") at = endOfString(text, at);
    else if (one === '(') depth++;
    else if (one === ')') depth--;
    else if (one === sign && depth === 0) {
      pieces.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...pieces, text.slice(start).trim()];
}

function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === text[at]) return end;
  }
  throw new Error('a string does not end');
}

if (import.meta.main) {
  writeFileSync(new URL('../assets/tabler.min.css', import.meta.url), tablerSubset());
  writeFileSync(new URL('icons.generated.json', import.meta.url), `${JSON.stringify(iconShapes(), undefined, 2)}\n`);
}
