import { isPortFree } from '@steelyard/processes';
import { LaunchError } from './launch-error.js';
import type { LaunchConfig } from './launch-config.js';

const PORT_MAX = 65_535;
const EXAMPLE_STEP = 10_000;

interface WantedPort {
  readonly variable: string;
  readonly port: number;
}

/**
 * Finds out before anything is started whether every port is free and used once.
 *
 * @throws LaunchError that names each port at fault and the variable that moves it
 */
export async function checkPorts(config: LaunchConfig): Promise<void> {
  const wanted: WantedPort[] = [...config.ports];
  if (config.postgresPort !== undefined && config.databaseUrl === undefined) {
    wanted.push({ variable: 'POSTGRES_PORT', port: config.postgresPort });
  }
  const faults = [...twiceWanted(wanted), ...(await busy(wanted, config.host))];
  if (faults.length === 0) return;
  const examples = faults.map(({ port }) => `${port.variable}=${otherPort(port.port)}`);
  throw new LaunchError(
    [
      ...faults.map(({ reason }) => reason),
      'Stop what uses it, or choose other ports, for example:',
      `${[...new Set(examples)].join(' ')} npm start`,
    ].join('\n'),
  );
}

interface Fault {
  readonly port: WantedPort;
  readonly reason: string;
}

function twiceWanted(wanted: readonly WantedPort[]): Fault[] {
  return wanted.flatMap((later, index) => {
    const earlier = wanted.slice(0, index).find(({ port }) => port === later.port);
    if (earlier === undefined) return [];
    return [{ port: later, reason: `${earlier.variable} and ${later.variable} are both ${later.port}` }];
  });
}

async function busy(wanted: readonly WantedPort[], host: string): Promise<Fault[]> {
  const isFree = await Promise.all(wanted.map(({ port }) => isPortFree(port, host)));
  return wanted
    .filter((_, index) => isFree[index] === false)
    .map((port) => ({ port, reason: `port ${port.port} is in use, change ${port.variable}` }));
}

function otherPort(port: number): number {
  return port + EXAMPLE_STEP <= PORT_MAX ? port + EXAMPLE_STEP : port - EXAMPLE_STEP;
}
