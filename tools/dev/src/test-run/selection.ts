import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** A workspace package that has tests. */
export interface TestedPackage {
  readonly name: string;
  /** Relative to the repository. */
  readonly dir: string;
}

/** What of the tests to run. */
export interface Selection {
  /** Arguments for turbo that choose packages; none means all. */
  readonly turboArguments: readonly string[];
  /** Arguments for jest that choose files within them; none means all. */
  readonly jestArguments: readonly string[];
}

/** All packages of the workspace with a test script. */
export function testedPackages(repositoryDir: string): TestedPackage[] {
  const patterns = stringsOf(readManifest(repositoryDir)['workspaces']);
  return globSync(
    patterns.map((pattern) => `${pattern}/package.json`),
    { cwd: repositoryDir },
  ).flatMap((file) => {
    const dir = join(file, '..');
    const manifest = readManifest(join(repositoryDir, dir));
    return hasTests(manifest) ? [{ name: String(manifest['name']), dir }] : [];
  });
}

/**
 * Understands what follows `npm test --`: a package's name or folder selects the package, a path inside one
 * selects files in it, any other word selects by file path in all packages; `--force` ignores cached results.
 */
export function select(
  args: readonly string[],
  packages: readonly TestedPackage[],
  repositoryDir: string,
): Selection {
  const turbo: string[] = args.filter((arg) => arg === '--force');
  const jest: string[] = [];
  for (const arg of args.filter((word) => !turbo.includes(word))) {
    const path = relative(repositoryDir, resolve(repositoryDir, arg));
    const owner = packages.find(
      ({ name, dir }) => arg === name || path === dir || path.startsWith(`${dir}/`),
    );
    if (owner !== undefined) turbo.push(`--filter=${owner.name}`);
    if (owner === undefined || (existsSync(resolve(repositoryDir, arg)) && path !== owner.dir))
      jest.push(arg);
  }
  return { turboArguments: [...new Set(turbo)], jestArguments: jest };
}

function readManifest(dir: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${dir}/package.json is not an object`);
  return { ...parsed };
}

function hasTests(manifest: Record<string, unknown>): boolean {
  const { scripts } = manifest;
  return typeof scripts === 'object' && scripts !== null && 'test' in scripts;
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
