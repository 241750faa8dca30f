// Brings a fresh clone to the point where the real programs run: installs what package-lock.json says, builds
// what changed, and hands over to Node 24 from node_modules. Runs on Node 18 or newer and needs no dependency.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:os';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const LOCK_FILE = join(ROOT, 'package-lock.json');
/** What npm itself wrote about the tree it installed. */
const INSTALLED_LOCK_FILE = join(MODULES, '.package-lock.json');
/** The hash of the lock file that node_modules was last found to agree with. */
const STAMP_FILE = join(MODULES, '.steelyard-lock-hash');
const NODE_MAJOR_MIN = 18;
const PARENT_CHECK_INTERVAL_MS = 1_000;
const EXIT_SIGNAL_BASE = 128;

/** `packages` is what turbo must have built before the program can run. */
const COMMANDS = {
  start: { packages: ['./apps/*', '@steelyard/dev'], program: 'tools/dev/dist/launcher/main.js' },
  test: { packages: ['@steelyard/dev'], program: 'tools/dev/dist/test-run/main.js' },
  cli: { packages: ['@steelyard/cli'], program: 'tools/cli/bin/steelyard.mjs', isQuiet: true },
  bench: { packages: ['./apps/*', '@steelyard/tests'], program: 'tests/dist/performance/main.js' },
};

process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined)
    fail(`unknown command "${name ?? ''}", expected one of ${Object.keys(COMMANDS).join(', ')}`);
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
    fail(`Node ${NODE_MAJOR_MIN} or newer is needed to begin, this is ${process.versions.node}`);
  }
  if (!isInstalled()) install();
  build(command);
  await run(command, args);
}

/** Whether node_modules holds what the lock file says. */
function isInstalled() {
  if (!existsSync(LOCK_FILE) || !existsSync(INSTALLED_LOCK_FILE) || !existsSync(bin('node'))) return false;
  if (existsSync(STAMP_FILE) && readFileSync(STAMP_FILE, 'utf8') === lockHash()) return true;
  // No stamp, or an old one: somebody may have run npm by hand, which is as good.
  if (!agrees(packagesOf(LOCK_FILE), packagesOf(INSTALLED_LOCK_FILE))) return false;
  stamp();
  return true;
}

function agrees(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || !path.includes('node_modules/')) return true;
    const found = installed[path];
    // Packages for other platforms are optional and not there.
    if (found === undefined) return entry.optional === true || entry.peer === true;
    return (
      found.version === entry.version &&
      found.resolved === entry.resolved &&
      found.integrity === entry.integrity
    );
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
}

function stamp() {
  writeFileSync(STAMP_FILE, lockHash());
}

function install() {
  say('installing dependencies (npm ci) …');
  // Under npm its own path is known; a bare `npm` would be a script that Windows cannot spawn.
  const npm = process.env.npm_execpath;
  const [program, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: npm === undefined && isWindows(),
  });
  if (result.status !== 0) fail('npm ci failed, see above');
  if (!existsSync(bin('node')))
    fail('node_modules/.bin/node is missing: was npm told to ignore install scripts?');
  stamp();
}

/** turbo knows what changed; with nothing to do this takes a fraction of a second. */
function build(command) {
  const filters = command.packages.map((name) => `--filter=${name}`);
  const isFirst = !existsSync(join(ROOT, command.program));
  if (isFirst && command.isQuiet !== true) say('building, the first time takes a moment …');
  const result = spawnSync(bin('turbo'), ['run', 'build', ...filters, '--output-logs=errors-only'], {
    cwd: ROOT,
    env: environment(),
    encoding: 'utf8',
    shell: isWindows(),
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  fail(result.error?.message ?? 'the build failed, see above');
}

/**
 * Runs the program and ends as it ends. In a terminal Ctrl-C reaches the program too; this process only waits
 * for it. A signal sent to this process alone is passed on.
 */
function run(command, args) {
  const child = spawn(bin('node'), [join(ROOT, command.program), ...args], {
    env: environment(),
    // The channel tells the program when this process is gone, even when it is killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithNpm(child);
  child.on('error', (error) => fail(error.message));
  return new Promise((done) => {
    child.on('exit', (code, signal) => {
      process.exitCode = signal === null ? code : EXIT_SIGNAL_BASE + (constants.signals[signal] ?? 0);
      if (child.connected) child.disconnect();
      done();
    });
  });
}

/** A killed npm passes nothing on; the program must not live on without anybody who could stop it. */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined || isWindows()) return;
  const above = [process.ppid, ...npmAbove(process.ppid)];
  const timer = setInterval(() => {
    if (above.every(isAlive)) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_INTERVAL_MS);
  timer.unref();
}

/** npm runs a script through a shell, which stays between the two unless it is clever. */
function npmAbove(parent) {
  const listed = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(parent)], { encoding: 'utf8' });
  const [pid, program] = (listed.stdout ?? '').trim().split(/\s+/);
  return program !== undefined && /(^|\/)-?(sh|dash|bash)$/.test(program) ? [Number(pid)] : [];
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** node_modules/.bin first, so that every `node` below is the pinned one. */
function environment() {
  const separator = isWindows() ? ';' : ':';
  return { ...process.env, PATH: `${join(MODULES, '.bin')}${separator}${process.env.PATH ?? ''}` };
}

function bin(name) {
  return join(MODULES, '.bin', isWindows() ? `${name}.cmd` : name);
}

function isWindows() {
  return process.platform === 'win32';
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

await main();
