// `npm test` of one package: runs jest on the package in the current directory and leaves the numbers where the
// run over all packages finds them. Further arguments go to jest, for example a part of a file's path.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const RESULTS_FILE = '.test-results.json';
/** Jest ends right after it has written its results, unless a test left a connection, a server or a timer open. */
const END_DEADLINE_MS = 60_000;
const CHECK_INTERVAL_MS = 500;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
rmSync(RESULTS_FILE, { force: true });
// Two runs of one package at the same time must not take each other's results for their own.
const ownDir = mkdtempSync(join(tmpdir(), 'steelyard-jest-'));
const ownResults = join(ownDir, 'results.json');
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    join(root, 'jest.config.mjs'),
    '--roots',
    process.cwd(),
    '--passWithNoTests',
    '--json',
    `--outputFile=${ownResults}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);

const watch = setInterval(() => {
  const written = statSync(ownResults, { throwIfNoEntry: false })?.mtimeMs;
  if (written === undefined || Date.now() - written < END_DEADLINE_MS) return;
  process.stderr.write(
    'the tests are over, but something they opened keeps jest alive: that counts as a failure\n',
  );
  jest.kill('SIGKILL');
}, CHECK_INTERVAL_MS);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));
jest.on('error', (error) => {
  throw error;
});
jest.on('exit', (code) => {
  clearInterval(watch);
  if (existsSync(ownResults)) copyFileSync(ownResults, RESULTS_FILE);
  rmSync(ownDir, { recursive: true, force: true });
  process.exit(code ?? 1);
});
