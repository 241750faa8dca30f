import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../../', import.meta.url));
const FIXTURES_DIR = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** The repository's own checks, which a fixture is judged by. */
const CHECKS = [
  'eslint.config.mjs',
  '.dependency-cruiser.cjs',
  'tools/dev/eslint',
  'tsconfig.base.json',
  'tsconfig.json',
  'nx.json',
];

/** A fixture in a directory of its own, under the repository's configuration. */
export interface FixtureWorkspace {
  readonly dir: string;
  /** Runs a program of the repository there and returns what it printed. */
  run(program: string, args: readonly string[]): string;
  /** The rules that each source file says it breaks, in its first line. */
  expectations(): Record<string, string[]>;
  remove(): void;
}

/** Copies a fixture next to the repository's configuration. */
export function openFixture(name: string): FixtureWorkspace {
  const dir = mkdtempSync(join(tmpdir(), 'steelyard-fixture-'));
  cpSync(join(FIXTURES_DIR, name), dir, { recursive: true });
  for (const check of CHECKS) cpSync(join(REPOSITORY_DIR, check), join(dir, check), { recursive: true });
  symlinkSync(join(REPOSITORY_DIR, 'node_modules'), join(dir, 'node_modules'));
  return {
    dir,
    run: (program, args) => run(dir, program, args),
    expectations: () =>
      Object.fromEntries(
        globSync('{apps,libs}/**/*.ts', { cwd: dir }).map((file) => [file, brokenRules(join(dir, file))]),
      ),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function run(dir: string, program: string, args: readonly string[]): string {
  const result = spawnSync(join(dir, 'node_modules', '.bin', program), args, {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: process.env['HOME'],
      NX_DAEMON: 'false',
    },
  });
  if (result.error !== undefined) throw result.error;
  if (result.stdout === '') throw new Error(`${program} printed nothing:\n${result.stderr}`);
  return result.stdout;
}

function brokenRules(file: string): string[] {
  const declared = /^\/\/ breaks: (?<rules>.+)$/m.exec(readFileSync(file, 'utf8'))?.groups?.['rules'];
  return declared === undefined || declared === 'nothing' ? [] : declared.split(', ');
}
