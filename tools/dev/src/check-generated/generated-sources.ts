import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Committed files that a program makes from other files. */
export interface GeneratedSource {
  readonly title: string;
  /** What to run after a change of the original. */
  readonly command: string;
  /** Where the committed files are, relative to the repository: a folder, or one file. */
  readonly committed: string;
  /** Makes them again at `target`, which does not exist yet. */
  readonly regenerate: (repositoryDir: string, target: string) => void;
}

export const GENERATED_SOURCES: readonly GeneratedSource[] = [
  {
    title: 'gRPC code',
    command: 'npm run -w @steelyard/contracts generate',
    committed: 'libs/contracts/src/gen',
    regenerate: regenerateProto,
  },
  {
    title: 'OpenAPI description',
    command: 'npm run -w @steelyard/app-gateway openapi',
    committed: 'docs/reference/openapi.json',
    regenerate: regenerateOpenApi,
  },
];

/** Makes a source again beside the committed files and names what differs; nothing means that it is current. */
export function differencesOf(source: GeneratedSource, repositoryDir: string): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'steelyard-generated-'));
  try {
    const target = join(scratch, 'fresh');
    source.regenerate(repositoryDir, target);
    return compare(join(repositoryDir, source.committed), target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Compares two files, or two folders file by file. */
export function compare(committed: string, fresh: string): string[] {
  const files = new Set([...filesIn(committed), ...filesIn(fresh)]);
  return [...files].sort().flatMap((file) => {
    const [before, after] = [join(committed, file), join(fresh, file)];
    if (!existsSync(before)) return [`${file || committed}: is not committed`];
    if (!existsSync(after)) return [`${file || committed}: is committed, but not generated any more`];
    return readFileSync(before, 'utf8') === readFileSync(after, 'utf8')
      ? []
      : [`${file || committed}: differs`];
  });
}

/** Paths below a folder; a file is the one entry "" of itself. */
function filesIn(path: string): string[] {
  const files = globSync('**/*', { cwd: path, withFileTypes: true }).filter((entry) => entry.isFile());
  if (files.length > 0)
    return files.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
  return existsSync(path) ? [''] : [];
}

function regenerateProto(repositoryDir: string, target: string): void {
  const protoDir = join(repositoryDir, 'proto');
  runIn(protoDir, repositoryDir, ['buf', 'lint']);
  const base = mkdtempSync(join(tmpdir(), 'steelyard-proto-'));
  try {
    // The template names its output relative to the proto folder, so the scratch has one too.
    runIn(protoDir, repositoryDir, ['buf', 'generate', '--output', join(base, 'proto')]);
    cpSync(join(base, 'libs', 'contracts', 'src', 'gen'), target, { recursive: true });
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function regenerateOpenApi(repositoryDir: string, target: string): void {
  runIn(repositoryDir, repositoryDir, [
    'node',
    join(repositoryDir, 'apps', 'gateway', 'dist', 'openapi.js'),
    target,
  ]);
}

/** Runs a program of the repository; the generator finds its plugins on the same path. */
function runIn(cwd: string, repositoryDir: string, [program = '', ...args]: readonly string[]): void {
  const path = [join(repositoryDir, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const result = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, PATH: path } });
  if (result.status === 0) return;
  const reason = result.error?.message ?? `${result.stdout}${result.stderr}`;
  throw new Error(`${program} ${args.join(' ')} failed:\n${reason}`);
}
