import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';

type Suite = (name: string, body: () => void) => void;

const PROBE_TIMEOUT_MS = 60_000;

/**
 * `describe` for suites that run another program. Where it is not installed, such a suite fails in CI, and
 * elsewhere says loudly that it is left out: silence would look like success.
 *
 * @example requireProgram('python3')('the independent verifier', () => { … })
 */
export function requireProgram(program: string): Suite {
  const probe = spawnSync(program, ['--version'], { timeout: PROBE_TIMEOUT_MS });
  if (probe.status === 0) return (title, body) => describe(title, body);
  const reason = `needs ${program} on the PATH`;
  if (process.env['CI'] !== 'true') return leftOut(reason);
  return (title) =>
    describe(title, () => {
      it('has the program it needs', () => {
        throw new Error(`"${title}" ${reason}`);
      });
    });
}

function leftOut(reason: string): Suite {
  return (title, body) => {
    process.stderr.write(`\n*** LEFT OUT: "${title}" ${reason} ***\n`);
    describe.skip(title, body);
  };
}
