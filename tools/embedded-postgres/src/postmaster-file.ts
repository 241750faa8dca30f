import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

/** What a running server writes about itself into its data directory. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const LINE = { pid: 0, port: 3, status: 7 } as const;

/** Reads `postmaster.pid`; undefined when no server claims the directory. */
export function readPostmasterFile(clusterDir: string): PostmasterFile | undefined {
  const lines = readLines(join(clusterDir, 'postmaster.pid'));
  const pid = Number.parseInt(lines[LINE.pid] ?? '', 10);
  if (!Number.isInteger(pid)) return undefined;
  return {
    pid,
    port: Number.parseInt(lines[LINE.port] ?? '0', 10),
    isReady: (lines[LINE.status] ?? '').trim() === 'ready',
  };
}

/** Whether the process is a PostgreSQL of this directory, and not another that was given the same number. */
export function isServerOf(pid: number, clusterDir: string): boolean {
  const listed = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 && listed.stdout.includes('postgres') && listed.stdout.includes(clusterDir);
}

/** Process ids of the direct children, which are the server's backends. */
export function childrenOf(pid: number): number[] {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return listed.stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // Absent, or replaced while it was read: both mean that nothing can be said about a server now.
    return [];
  }
}
