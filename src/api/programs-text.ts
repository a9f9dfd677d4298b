// The purpose of EncryptPassword and DecryptPassword: a key of their own, so that these two open nothing that Doorward
// keeps sealed, and nothing sealed by a program passes for ours.

/** The purpose under which the texts of programs are sealed. */
export const PROGRAMS_TEXT = 'api.programs-text';
