import type { Readable } from 'node:stream';

// A row of a statement has hundreds of characters. The bound keeps a file without line ends out of memory.
export const LINE_LENGTH_MAX = 1_048_576;

/** One physical line, without its line end. `text` is undefined when it is longer than LINE_LENGTH_MAX. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/** Cuts a stream of UTF-8 text into lines. Holds one chunk and one line in memory, whatever the file's size. */
export async function* readLines(stream: Readable): AsyncGenerator<Line> {
  stream.setEncoding('utf8');
  let rest = '';
  let isTooLong = false;
  let number = 0;
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      number += 1;
      yield isTooLong ? { number, text: undefined } : toLine(number, text);
      isTooLong = false;
    }
    if (rest.length > LINE_LENGTH_MAX) {
      isTooLong = true;
      rest = '';
    }
  }
  if (rest !== '' || isTooLong)
    yield isTooLong ? { number: number + 1, text: undefined } : toLine(number + 1, rest);
}

function toLine(number: number, raw: string): Line {
  if (raw.length > LINE_LENGTH_MAX) return { number, text: undefined };
  const withoutMark = number === 1 && raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  return { number, text: withoutMark.endsWith('\r') ? withoutMark.slice(0, -1) : withoutMark };
}
