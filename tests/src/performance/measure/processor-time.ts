import { readFileSync } from 'node:fs';

/** Processes to watch, by the name under which they are reported. */
export type WatchedProcesses = Readonly<Record<string, number>>;

/** The unit of CPU times in /proc, fixed by the kernel's interface for user space. */
const TICKS_PER_SECOND = 100;
// Places after the process's name in /proc/<pid>/stat, see proc_pid_stat(5).
const PARENT = 1;
const OWN_TIMES = [11, 12];
const REAPED_CHILDREN_TIMES = [13, 14];

/**
 * CPU seconds used so far by each process and its children, living and ended. Empty where there is no /proc:
 * the benchmark runs there too, without this column.
 */
export function processorSeconds(processes: WatchedProcesses): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const [name, pid] of Object.entries(processes)) {
    const ticks = ticksOf(pid);
    if (ticks !== undefined) seconds[name] = ticks / TICKS_PER_SECOND;
  }
  return seconds;
}

/** The parent of a process: of a PostgreSQL backend, the server. */
export function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[PARENT];
  return parent === undefined ? undefined : Number(parent);
}

/** Children of this process are not added while they live: they are watched under names of their own. */
function ticksOf(pid: number): number | undefined {
  const stat = statOf(pid);
  if (stat === undefined) return undefined;
  const own = sumOf(stat, [...OWN_TIMES, ...REAPED_CHILDREN_TIMES]);
  if (pid === process.pid) return own;
  return childrenOf(pid).reduce((sum, child) => {
    const childStat = statOf(child);
    return childStat === undefined ? sum : sum + sumOf(childStat, OWN_TIMES);
  }, own);
}

function sumOf(stat: readonly string[], places: readonly number[]): number {
  return places.reduce((sum, place) => sum + Number(stat[place] ?? 0), 0);
}

function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name may hold blanks and brackets; what follows its last bracket does not.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or the process has ended since.
    return undefined;
  }
}
