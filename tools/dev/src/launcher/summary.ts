import { relative } from 'node:path';
import type { AppName } from '@steelyard/processes';
import { portOf, type LaunchConfig } from './launch-config.js';
import type { Platform } from './platform.js';

const PURPOSES = {
  gateway: 'REST',
  balance: 'accounts and money',
  ledger: 'proofs and history',
  notifications: 'alerts',
  analytics: 'the supply of each currency',
} as const satisfies Record<AppName, string>;

/** What somebody wants to know once the platform is ready: where everything is and how to call it. */
export function summary(
  config: LaunchConfig,
  platform: Pick<Platform, 'clusterDir'>,
  run: { readonly startedInMs: number; readonly token: string | undefined },
): string {
  const api = `http://${reachableHost(config.host)}:${portOf(config, 'gateway', 'http')}/api`;
  return [
    '',
    `Steelyard is ready after ${(run.startedInMs / 1000).toFixed(1)} s.`,
    '',
    ...table([
      ['REST', api, 'ready when /ready answers 200'],
      ['Documentation', `${api}/docs`, `${api}/openapi.json`],
      ...(['balance', 'ledger', 'notifications', 'analytics'] as const).map((app) => addressRow(config, app)),
      ['PostgreSQL', ...databaseColumns(config, platform)],
      ['Data', config.dataDir, `logs in ${relative(process.cwd(), config.logsDir)}`],
    ]),
    '',
    ...tokenLines(api, run.token),
    'Stop with Ctrl-C. The data stays.',
    '',
  ].join('\n');
}

function addressRow(config: LaunchConfig, app: Exclude<AppName, 'gateway'>): string[] {
  const host = reachableHost(config.host);
  return [
    app,
    `http://${host}:${portOf(config, app, 'http')}`,
    `grpc ${host}:${portOf(config, app, 'grpc')}  ${PURPOSES[app]}`,
  ];
}

function databaseColumns(config: LaunchConfig, platform: Pick<Platform, 'clusterDir'>): string[] {
  const { clusterDir } = platform;
  if (clusterDir === undefined) return ['yours', 'from DATABASE_URL'];
  const isRelocated = !clusterDir.startsWith(config.dataDir);
  return [
    'embedded',
    isRelocated ? `${clusterDir} (its account cannot reach the data directory)` : clusterDir,
  ];
}

function tokenLines(api: string, token: string | undefined): string[] {
  if (token === undefined) return ['Tokens come from your own issuer.', ''];
  return [
    'A token for development (operator, 12 hours; more with "npm run steelyard -- token"):',
    token,
    '',
    'Try it:',
    `curl -s -X POST ${api}/accounts/alice/deposit -H 'Authorization: Bearer ${token}' ` +
      `-H 'Idempotency-Key: first' -H 'Content-Type: application/json' -d '{"amount":100,"source":"BONUS"}'`,
    '',
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** An address to listen on everywhere is none to call. */
function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
