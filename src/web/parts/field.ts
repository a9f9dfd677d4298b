// The fields in which a person types. Each keeps what was typed, except secrets.

import { type Html, html } from '#kit/html.ts';
import { assetHref, scriptTag } from './assets.ts';
import { attributes } from './attributes.ts';
import { attributesOf, type FieldOptions, fieldId, labelled } from './field-frame.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** What the fields of one line take. */
export type TextOptions = FieldOptions & {
  readonly value?: string | number | undefined;
  /** What browsers and password managers may fill in (HTML autofill), such as `username`, `given-name`, `off`. */
  readonly autocomplete?: string | undefined;
  readonly inputmode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'url' | 'search' | undefined;
  readonly enterkeyhint?: 'next' | 'done' | 'go' | 'search' | 'send' | undefined;
  readonly maxlength?: number | undefined;
  /** As wide as its usual content: `short` for a code or year, `medium` for a phone, else the whole column. */
  readonly width?: 'short' | 'medium' | undefined;
  /** Only on pages that exist to fill this one field. */
  readonly autofocus?: boolean | undefined;
  /** Off for names, codes and addresses, where a spelling checker only disturbs (and may send the text away). */
  readonly spellcheck?: boolean | undefined;
  readonly type?: 'text' | 'tel' | 'url' | 'search' | 'date' | undefined;
};

/** A line of text. */
export function textField(frame: Frame, options: TextOptions): Html {
  return labelled(frame, options, inputOf(options, { type: options.type ?? 'text', value: options.value }));
}

/** An e-mail address. `autocomplete` is `email`; on a sign-in page say `username`. */
export function emailField(frame: Frame, options: TextOptions): Html {
  const settled = { autocomplete: 'email', inputmode: 'email', spellcheck: false, maxlength: 254, ...options } as const;
  return labelled(frame, settled, inputOf(settled, { type: 'email', autocapitalize: 'none', value: options.value }));
}

/** A password; never filled in by us. The button that shows it appears only where there is script. */
export function passwordField(
  frame: Frame,
  options: FieldOptions & {
    readonly autocomplete: 'current-password' | 'new-password' | 'off';
    readonly enterkeyhint?: TextOptions['enterkeyhint'];
    readonly maxlength?: number | undefined;
    readonly autofocus?: boolean | undefined;
    /** What is asked of a new password: then how hard it is to guess is said while it is typed. */
    readonly rule?: { readonly minimum: number; readonly strength: number } | undefined;
  },
): Html {
  const { rule } = options;
  const input = inputOf(
    { ...options, spellcheck: false },
    { type: 'password', autocapitalize: 'none', passwordrules: rule && `minlength: ${rule.minimum};` },
  );
  const id = fieldId(options.name, options.scope);
  const reveal = html`<button type="button" class="dw-reveal" hidden data-reveal="${id}" aria-controls="${id}" aria-pressed="false" aria-label="${frame.t('common.password.show')}" title="${frame.t('common.password.show')}">${icon('eye')}${icon('eye-off')}</button>`;
  const strength = rule && strengthBox(frame, id, rule);
  return labelled(frame, options, html`<div class="dw-password">${input}${reveal}</div>${strength}`);
}

/** Shown by password-strength.js; without script nobody misses it, since the help says the rule. */
function strengthBox(frame: Frame, id: string, rule: { readonly minimum: number; readonly strength: number }): Html {
  const { t } = frame;
  const { brand, user, administrator } = frame;
  const known = [brand.name, user?.name, user?.email, administrator?.name].filter(Boolean).join(' ');
  const sayings = [
    ['short', t('passwords.strength.short', { minimum: rule.minimum })],
    ['needed', t('passwords.strength.needed')],
    ['0', t('passwords.strength.0')],
    ['1', t('passwords.strength.1')],
    ['2', t('passwords.strength.2')],
    ['3', t('passwords.strength.3')],
    ['4', t('passwords.strength.4')],
  ].map(([name, words]) => html`<span data-say="${name}" hidden>${words}</span>`);
  return html`<div class="dw-strength" hidden data-strength="${id}" data-minimum="${rule.minimum}" data-needed="${rule.strength}" data-known="${known}" data-estimate="${assetHref('zxcvbn.min.js')}"><meter min="0" max="100" low="60" high="80" optimum="100" value="0" aria-label="${t('passwords.strength')}"></meter><span role="status" data-word></span>${sayings}</div>${scriptTag('password-strength.js')}`;
}

/** A one-time code, in one field, so that it can be pasted and filled in by the phone. `kind: 'text'` for backup codes. */
export function codeField(
  frame: Frame,
  options: FieldOptions & {
    readonly kind?: 'digits' | 'text' | undefined;
    readonly length?: number | undefined;
    readonly autofocus?: boolean | undefined;
  },
): Html {
  const digits = (options.kind ?? 'digits') === 'digits';
  const settled = {
    ...options,
    autocomplete: digits ? 'one-time-code' : 'off',
    inputmode: digits ? 'numeric' : 'text',
    enterkeyhint: 'go',
    spellcheck: false,
    // Room for the spaces and hyphens that people paste along; the server takes them out.
    maxlength: (options.length ?? (digits ? 6 : 12)) + 8,
  } as const;
  const more = { type: 'text', autocapitalize: digits ? 'none' : 'characters', class: 'form-control dw-code-input' };
  return labelled(frame, settled, inputOf(settled, more));
}

/** A number with its unit beside it: "10 minutes". A text field with number keys, so that what was typed is kept. */
export function numberField(
  frame: Frame,
  options: TextOptions & { readonly unit?: string | undefined; readonly decimal?: boolean | undefined },
): Html {
  const settled = { inputmode: options.decimal ? 'decimal' : 'numeric', autocomplete: 'off', ...options } as const;
  const id = fieldId(options.name, options.scope);
  const described = [attributesOf(settled)['aria-describedby'], options.unit && `${id}-unit`].filter(Boolean).join(' ');
  const input = inputOf(settled, {
    type: 'text',
    value: options.value,
    class: 'form-control dw-number-input',
    'aria-describedby': described || undefined,
  });
  const unit = options.unit && html`<span class="input-group-text" id="${id}-unit">${options.unit}</span>`;
  return labelled(frame, settled, unit ? html`<div class="input-group dw-number">${input}${unit}</div>` : input);
}

/** Several lines of text. */
export function textArea(
  frame: Frame,
  options: FieldOptions & {
    readonly value?: string | undefined;
    readonly rows?: number | undefined;
    readonly maxlength?: number | undefined;
    /** Equal width for each sign: addresses one a line, keys. */
    readonly mono?: boolean | undefined;
  },
): Html {
  const drawn = attributes({
    class: `form-control${options.mono ? ' font-monospace' : ''}`,
    ...attributesOf(options),
    rows: options.rows ?? 4,
    maxlength: options.maxlength,
    spellcheck: options.mono ? 'false' : undefined,
  });
  // A textarea swallows one line break right after its tag; the one here is that one.
  return labelled(frame, options, html`<textarea${drawn}>\n${options.value}</textarea>`);
}

/** A file. The form must be `multipart`. */
export function fileField(frame: Frame, options: FieldOptions & { readonly accept?: string | undefined }): Html {
  const drawn = attributes({ class: 'form-control', ...attributesOf(options), type: 'file', accept: options.accept });
  return labelled(frame, options, html`<input${drawn}>`);
}

/** What the person may see but not change, and who can: "Only an owner can change this." */
export function readOnlyField(
  _frame: Frame,
  options: { readonly label: string; readonly value: string | Html; readonly why?: string | undefined },
): Html {
  const why = options.why && html`<p class="form-hint dw-locked">${icon('lock')}<span>${options.why}</span></p>`;
  return html`<div class="dw-field"><p class="form-label">${options.label}</p><p class="dw-plain">${options.value}</p>${why}</div>`;
}

type InputOptions = FieldOptions &
  Pick<TextOptions, 'autocomplete' | 'inputmode' | 'enterkeyhint' | 'maxlength' | 'width' | 'autofocus' | 'spellcheck'>;

function inputOf(options: InputOptions, more: Parameters<typeof attributes>[0]): Html {
  const drawn = attributes({
    class: `form-control${options.width ? ` dw-width-${options.width}` : ''}`,
    ...attributesOf(options),
    autocomplete: options.autocomplete,
    inputmode: options.inputmode,
    enterkeyhint: options.enterkeyhint,
    maxlength: options.maxlength,
    spellcheck: options.spellcheck === undefined ? undefined : String(options.spellcheck),
    autofocus: options.autofocus,
    ...more,
  });
  return html`<input${drawn}>`;
}
