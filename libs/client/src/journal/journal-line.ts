import { crc32 } from 'node:zlib';

const HEX_DIGITS = 8;

/** One line of a file: the CRC-32 of a JSON text in eight hex digits, a space, the text, a line feed. */
export function encodeLine(value: object): string {
  const json = JSON.stringify(tagged(value));
  return `${checksumOf(json)} ${json}\n`;
}

/** What a line without its line feed says; undefined when it is torn or damaged. */
export function decodeLine(line: string): unknown {
  const json = line.slice(HEX_DIGITS + 1);
  if (line[HEX_DIGITS] !== ' ' || checksumOf(json) !== line.slice(0, HEX_DIGITS)) return undefined;
  return untagged(JSON.parse(json));
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(HEX_DIGITS, '0');
}

// JSON has neither amounts beyond 2^53 nor times, and the caller's metadata may look like anything: all three are
// objects with one member whose name begins with $.

function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $amount: value.toString() };
  if (value instanceof Date) return { $time: value.getTime() };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => [
    name,
    name === 'metadata' && member !== undefined ? { $json: JSON.stringify(member) } : tagged(member),
  ]);
  return Object.fromEntries(members);
}

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== 'object' || value === null) return value;
  if ('$amount' in value) return BigInt(String(value.$amount));
  if ('$time' in value) return new Date(Number(value.$time));
  if ('$json' in value) return JSON.parse(String(value.$json));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [name, untagged(member)]),
  );
}
