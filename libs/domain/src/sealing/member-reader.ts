import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '../ledger-chain/index.js';
import { isRefusal } from '../result/index.js';
import { parseAmount } from '../money/index.js';
import { wholeNumber } from './forms.js';

/**
 * Reads the members of a JSON document and remembers the first that is not of its form. Methods give some value
 * of the type then: whoever reads looks at {@link fault} in the end and throws the rest away.
 */
export class MemberReader {
  fault: string | undefined;

  /** An object with exactly these members. A further one would be covered by no proof. */
  object(value: unknown, path: string, names: readonly string[]): JsonObject {
    if (!isJsonObject(value)) return this.#fail(`${path} is not an object`, {});
    const missing = names.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return this.#fail(`${path} has no member ${missing}`, {});
    const unknown = Object.keys(value).find((name) => !names.includes(name));
    if (unknown !== undefined) return this.#fail(`${path} has a member ${unknown} that is not known`, {});
    return value;
  }

  list(value: unknown, path: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.#fail(`${path} is not a list`, []);
  }

  text(value: unknown, path: string): string {
    return typeof value === 'string' ? value : this.#fail(`${path} is not a string`, '');
  }

  /** A size, an index or a sequence. */
  whole(value: unknown, path: string): bigint {
    return wholeNumber(value) ?? this.#fail(`${path} is not a whole number`, 0n);
  }

  /** Minor units, as a JSON integer. */
  amount(value: unknown, path: string): bigint {
    const amount = typeof value === 'number' ? parseAmount(value, path) : undefined;
    if (amount === undefined || isRefusal(amount)) {
      return this.#fail(`${path} is not an integer of minor units`, 0n);
    }
    return amount;
  }

  /** The canonical text of an object. */
  canonicalObject(value: unknown, path: string): string {
    if (!isJsonObject(value)) return this.#fail(`${path} is not an object`, '{}');
    if (!isFinite(value)) return this.#fail(`${path} holds a number that no double can hold`, '{}');
    return canonicalJson(value);
  }

  texts(value: unknown, path: string): string[] {
    return this.list(value, path).map((item, i) => this.text(item, `${path}[${i}]`));
  }

  #fail<T>(fault: string, instead: T): T {
    this.fault ??= fault;
    return instead;
  }
}

function isFinite(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
}
