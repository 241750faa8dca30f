import { isInstalled, LOCAL_SERVERS, type LocalServerName } from '@steelyard/processes';

type Suite = (name: string, body: () => void) => void;

const URL_VARIABLES = { redis: 'REDIS_URL', nats: 'NATS_URL' } as const satisfies Record<
  LocalServerName,
  string
>;

/**
 * `describe` for suites that need a Redis or NATS server. Where none is to be had, such a suite fails in CI,
 * and elsewhere says loudly that it is left out: silence would look like success.
 *
 * @example requireServer('redis')('hot path', () => { … })
 */
export function requireServer(name: LocalServerName): Suite {
  const given = process.env[URL_VARIABLES[name]];
  if ((given !== undefined && given !== '') || isInstalled(name))
    return (title, body) => describe(title, body);
  const reason = `needs ${LOCAL_SERVERS[name]} on the PATH or ${URL_VARIABLES[name]}`;
  return process.env['CI'] === 'true' ? failing(reason) : leftOut(reason);
}

function failing(reason: string): Suite {
  return (title) =>
    describe(title, () => {
      it('has the server it needs', () => {
        throw new Error(`"${title}" ${reason}`);
      });
    });
}

function leftOut(reason: string): Suite {
  return (title, body) => {
    process.stderr.write(`\n*** LEFT OUT: "${title}" ${reason} ***\n`);
    // The only place in this repository where a suite may be skipped.
    describe.skip(title, body);
  };
}
