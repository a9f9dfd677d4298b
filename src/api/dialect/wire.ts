// What a request of the WHMCS wire holds once it is read: texts, uploaded files, and maps of them, as PHP would see it.

/** An uploaded file. A class, so that `a[filename]=x&a[data]=y` can never pass for one. */
export class WireFile {
  /** The last part of the name the client gave, without folders; may be empty. Never a path to write to. */
  readonly filename: string;
  readonly data: Buffer;

  constructor(filename: string, data: Buffer) {
    this.filename = filename;
    this.data = data;
  }
}

/** Names to values. No prototype behind it; a list is a map whose keys are numbers, as in PHP. */
export type WireMap = { readonly [key: string]: WireValue };

export type WireValue = string | WireFile | WireMap;

/** All parameters of one request, query and body together. */
export type WireValues = WireMap;

/**
 * A parameter came in a shape that cannot be meant. The message is for the caller of the API and holds none of their
 * data.
 */
export class WireFault extends Error {
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.name = 'WireFault';
    this.parameter = parameter;
  }
}

/** A map with nothing behind it: what is looked up in it was put there. */
export function emptyMap<Value>(): { [key: string]: Value } {
  return Object.create(null);
}
