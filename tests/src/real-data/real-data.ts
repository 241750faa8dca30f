import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from '@jest/globals';

type Suite = (name: string, body: (path: string) => void) => void;

const BESIDE_THE_REPOSITORY = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/**
 * `describe` for suites that need a file of real data, which is not part of this repository. Looks in REAL_DATA_DIR,
 * else in ../shared/data beside the repository. Where REAL_DATA_DIR is set and the file is not there, the suite
 * fails; where nobody promised the file, the suite says loudly that it was skipped.
 *
 * @example withRealData('bank-statements.csv')('bank statements', (path) => { … })
 */
export function withRealData(fileName: string): Suite {
  const promised = process.env['REAL_DATA_DIR'];
  const path = join(promised || BESIDE_THE_REPOSITORY, fileName);
  if (existsSync(path)) return (title, body) => describe(title, () => body(path));
  return promised ? failing(path) : skipped(path);
}

function failing(path: string): Suite {
  return (title) =>
    describe(title, () => {
      it('has the real data that REAL_DATA_DIR promises', () => {
        throw new Error(`"${title}" needs ${path}`);
      });
    });
}

function skipped(path: string): Suite {
  return (title, body) => {
    process.stderr.write(`\n*** SKIPPED: "${title}" needs ${path}; set REAL_DATA_DIR to where it is ***\n`);
    // The data cannot be committed, and the line above is loud.
    describe.skip(title, () => body(path));
  };
}
