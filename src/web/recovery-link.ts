// Finishing a recovery at the sign-in page: the key of the link travels as the way back, `/recovery/finish/<key>`, through the
// first step of the sign-in, and the second step is then its own page.

/** The page that finishes a recovery, when the way back leads there. */
export function recoveryFinish(goto: string): string | undefined {
  return /^\/recovery\/finish\/[\w-]{43}$/.exec(goto)?.[0];
}
