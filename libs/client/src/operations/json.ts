export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** An object of your own that is kept with a movement, under its checksum. At most 16 KiB of JSON. */
export type Metadata = Readonly<Record<string, JsonValue>>;
