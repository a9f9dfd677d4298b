// WHMCS's language of templates, as far as it is understood.

/** WHMCS's way of writing a field, `{$client_name}`, as ours. What else its language can say stays words. */
export function fromSmarty(text: string): string {
  return text.replaceAll(/\{\$([a-z_][a-z0-9_]{0,99})\}/gi, '{{ $1 }}');
}
