import { InvalidArgumentError } from 'commander';

const WHOLE_NUMBER = /^[0-9]{1,9}$/;

/** A parser for a flag that takes a whole number within bounds, both inclusive. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = WHOLE_NUMBER.test(text) ? Number.parseInt(text, 10) : -1;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

const SPAN = /^([0-9]{1,6})(ms|s|m|h)?$/;
const MS_BY_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads 500ms, 60s (or 60), 5m, 1h as milliseconds. */
export function timeSpanMs(text: string): number {
  const [, count, unit = 's'] = SPAN.exec(text) ?? [];
  const factorMs = MS_BY_UNIT[unit];
  if (count !== undefined && factorMs !== undefined) return Number.parseInt(count, 10) * factorMs;
  throw new InvalidArgumentError('It must be a time span such as 60s or 5m.');
}

/** One character; \t stands for a tab. */
export function delimiterCharacter(text: string): string {
  const character = text === '\\t' ? '\t' : text;
  if (character.length === 1 && !/["\r\n]/.test(character)) return character;
  throw new InvalidArgumentError('It must be one character, or \\t for a tab.');
}

/** Collects a repeatable flag. */
export function collect(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text];
}
