import { SteelyardProtocolError } from '../answers/index.js';

/** Reads the members of a JSON object; what is missing or of another type is a {@link SteelyardProtocolError}. */
export class JsonRecord {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly what: string,
  ) {
    if (!isRecord(value)) throw new SteelyardProtocolError(`${what} is not a JSON object`);
    this.#members = value;
  }

  has(name: string): boolean {
    const value = this.#members[name];
    return value !== undefined && value !== null && value !== '';
  }

  raw(name: string): unknown {
    return this.#members[name];
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value === 'string') return value;
    throw this.#fault(name, 'a text');
  }

  textOrNull(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  flag(name: string): boolean {
    const value = this.#members[name];
    if (typeof value === 'boolean') return value;
    throw this.#fault(name, 'true or false');
  }

  /** An amount: an integer, or a string of digits beyond ±(2^53 - 1). */
  amount(name: string): bigint {
    const value = this.#members[name];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && /^-?[0-9]+$/.test(value)) return BigInt(value);
    throw this.#fault(name, 'an amount');
  }

  amountOrNull(name: string): bigint | null {
    return this.has(name) ? this.amount(name) : null;
  }

  integer(name: string): number {
    const value = this.#members[name];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw this.#fault(name, 'an integer');
  }

  /** An instant: ISO 8601. */
  instant(name: string): Date {
    const value = this.#members[name];
    const date = typeof value === 'string' ? new Date(value) : undefined;
    if (date && !Number.isNaN(date.getTime())) return date;
    throw this.#fault(name, 'a time');
  }

  record(name: string): JsonRecord {
    return new JsonRecord(this.#members[name], `${this.what}.${name}`);
  }

  records(name: string): readonly JsonRecord[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw this.#fault(name, 'a list');
    return value.map((member) => new JsonRecord(member, `${this.what}.${name}`));
  }

  #fault(name: string, expected: string): SteelyardProtocolError {
    return new SteelyardProtocolError(`${this.what}: ${name} is not ${expected}`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
