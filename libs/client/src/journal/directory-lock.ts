import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  readonly startedAt: string;
  readonly host: string;
  readonly token: string;
}

const HEARTBEAT_MS = 5_000;
/** An owner on another machine is gone when it was silent for so long. */
const SILENCE_MAX_MS = 30_000;
const ATTEMPTS_MAX = 5;
/** Tells the locks of one path apart, and keeps names short. */
const GUARD_DIGITS = 16;

/** Somebody else is using the journal. */
export class JournalLockedError extends Error {
  override readonly name = 'JournalLockedError';
}

/** That this process, and nobody else, uses a directory. A crashed owner's lock is taken over. */
export class DirectoryLock {
  #isLost = false;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly text: string,
  ) {
    this.#heartbeat = setInterval(() => void this.#beat().catch(() => undefined), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** @throws JournalLockedError when a living process holds it */
  static async acquire(path: string): Promise<DirectoryLock> {
    const text = await ownText();
    await placeLock(path, text);
    return new DirectoryLock(path, text);
  }

  /** @throws JournalLockedError when this process was silent for so long that another took it for dead */
  assertHeld(): void {
    if (this.#isLost) throw new JournalLockedError(`another process has taken over ${this.path}`);
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    if ((await textOf(this.path)) === this.text) await unlink(this.path);
  }

  async #beat(): Promise<void> {
    this.#isLost ||= (await textOf(this.path)) !== this.text;
    const now = new Date();
    if (!this.#isLost) await utimes(this.path, now, now);
  }
}

async function placeLock(path: string, text: string): Promise<void> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      // A link is made whole or not at all: nobody ever sees half a lock.
      if (await linked(own, path)) return;
      await removeIfStale(path);
    }
  } finally {
    await unlink(own);
  }
  throw new JournalLockedError(`${path} changes hands too often`);
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfStale(path: string): Promise<void> {
  const text = await textOf(path);
  if (text === undefined) return;
  const owner = ownerIn(text);
  if (owner && (await isAlive(owner, path))) {
    throw new JournalLockedError(
      `the journal is in use by process ${owner.pid} on ${owner.host}; give each process a directory of its own`,
    );
  }
  // Who removes this very lock holds another one for it: a new owner's lock is never taken for the dead one's.
  const guard = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, GUARD_DIGITS)}`;
  await placeLock(guard, await ownText());
  if ((await textOf(path)) === text) await unlink(path);
  await unlink(guard);
}

async function isAlive({ pid, startedAt, host }: Owner, path: string): Promise<boolean> {
  if (host !== hostname()) {
    const seen = await stat(path).catch(() => undefined);
    return seen !== undefined && Date.now() - seen.mtimeMs < SILENCE_MAX_MS;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It exists and belongs to somebody else.
    if (codeOf(error) !== 'EPERM') return false;
  }
  const now = await startOf(pid);
  return startedAt === '' || now === '' || now === startedAt;
}

async function ownText(): Promise<string> {
  const { pid } = process;
  const owner: Owner = { pid, startedAt: await startOf(pid), host: hostname(), token: randomUUID() };
  return JSON.stringify(owner);
}

function ownerIn(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value && 'host' in value
  );
}

/** Clock ticks from the start of the machine to that of the process (Linux), behind the name in parentheses. */
async function startOf(pid: number): Promise<string> {
  const STARTED = 19;
  const text = await textOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[STARTED] ?? '';
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
