/** A request to the REST interface. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Behind the base address, with a leading slash, encoded. */
  readonly path: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
  /** The same as part of a batch, for what a batch may contain. */
  readonly batchItem?: object;
}

/** A path whose values are encoded. */
export function path(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.reduce((text, part, index) => text + encodeURIComponent(values[index - 1] ?? '') + part);
}

/** JSON in which amounts are integers while every reader has them exactly, beyond that a string of digits. */
export function toJson(body: object): string {
  return JSON.stringify(body, (_name, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    const exact = Number(value);
    return Number.isSafeInteger(exact) ? exact : value.toString();
  });
}
