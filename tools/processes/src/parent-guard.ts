import { spawn } from 'node:child_process';
import { platform } from 'node:os';

/**
 * Waits for the end of its standard input, which the kernel closes when this process dies by any means,
 * then sends the signal.
 */
const GUARD_SCRIPT = 'read -r _; kill -"$2" "$1"';

/**
 * Ties a server to the life of this process: the server is also told to stop when this process is killed
 * with SIGKILL, where no handler of ours runs.
 *
 * @param pid the server's process id
 * @param signal what asks this kind of server for an orderly stop
 * @returns a function that releases the server, to be called once it has ended
 */
export function guardServer(pid: number, signal: 'INT' | 'TERM'): () => void {
  if (platform() === 'win32') return () => undefined;
  const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'sh', String(pid), signal], {
    // A group of its own, so that Ctrl-C in a terminal reaches neither the guard nor the server.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return () => guard.kill('SIGKILL');
}
