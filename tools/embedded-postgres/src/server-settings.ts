/** Settings by name, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

/**
 * What every embedded server runs with. Durability is never traded: an answer that was given must
 * survive a kill. The memory and checkpoint sizes keep the full-page images of a checkpoint from
 * dominating a load test on a small machine.
 */
const DEFAULT_SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  // No socket files: two servers on one machine would meet in /tmp.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  fsync: 'on',
  synchronous_commit: 'on',
  // Compilation costs more than it saves on the short statements used here.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** The server's command-line arguments for a port and the settings that differ from the defaults. */
export function serverArguments(clusterDir: string, port: number, settings: ServerSettings): string[] {
  const merged = { ...DEFAULT_SETTINGS, ...settings, port: String(port) };
  return ['-D', clusterDir, ...Object.entries(merged).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** A clean environment: PG* variables of the caller would silently change a server's behaviour. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
