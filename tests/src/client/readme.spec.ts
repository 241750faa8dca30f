import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';

const run = promisify(execFile);
const CLIENT = fileURLToPath(new URL('../../../libs/client', import.meta.url));
const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const TYPES = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));

interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  /** What stands under it. */
  readonly output: string;
}

const README = readFileSync(join(CLIENT, 'README.md'), 'utf8');
const EXAMPLES = examplesOf(README);

describe('the examples of the client', () => {
  const database = useDatabase();
  let platform: RunningPlatform;
  let project: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    platform = await startPlatform({
      apps: ['balance', 'ledger', 'gateway'],
      env: { DATABASE_URL: database.url, LOG_LEVEL: 'warn' },
    });
    env = {
      ...process.env,
      STEELYARD_GRPC: platform.app('balance').grpcTarget,
      STEELYARD_URL: platform.apiUrl,
      STEELYARD_TOKEN: await platform.token(['operator']),
    };
    project = await mkdtemp(join(tmpdir(), 'steelyard-readme-'));
    await mkdir(join(project, 'node_modules/@steelyard'), { recursive: true });
    await symlink(CLIENT, join(project, 'node_modules/@steelyard/client'));
    await symlink(TYPES, join(project, 'node_modules/@types'));
    for (const { file, code } of EXAMPLES) await writeFile(join(project, file), patient(code));
  });
  afterAll(async () => {
    await rm(project, { recursive: true });
    await platform.stop();
  });

  it('are all run', () => {
    expect(EXAMPLES.length).toBeGreaterThan(0);
    expect(EXAMPLES).toHaveLength(README.match(/^```(ts|js|cjs)$/gm)?.length ?? 0);
  });

  it.each(EXAMPLES)('$file, "$title", prints what it says', async ({ file, output }) => {
    const { stdout } = await run(process.execPath, [file], { cwd: project, env });
    expect(stdout.trim()).toBe(output);
  });

  it('compile under the strictest settings', async () => {
    const files = EXAMPLES.map(({ file }) => file).filter((file) => file.endsWith('.mts'));
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
    const { stdout } = await run(process.execPath, [TSC, ...options, ...files], { cwd: project }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });
});

/** The same, waiting longer than the service does for a commit: what is printed is the answer to the first attempt. */
function patient(code: string): string {
  const settings = 'deadlineMs: 60_000, attemptTimeoutMs: 60_000,';
  return code.replaceAll('new SteelyardClient({', `new SteelyardClient({ ${settings}`);
}

/** Blocks of code and the block of text that follows each. */
function examplesOf(markdown: string): readonly Example[] {
  const pattern = /^```(ts|cjs)\n(.*?)^```\n\n(?:[^`]*?)^```text\n(.*?)^```$/gms;
  return [...markdown.matchAll(pattern)].map(([, kind = '', code = '', output = ''], index) => {
    const before = markdown.slice(0, markdown.indexOf(code));
    const title = before.slice(before.lastIndexOf('\n#')).split('\n')[1]?.replace(/^#+ /, '') ?? '';
    const file = `example-${index + 1}.${kind === 'ts' ? 'mts' : 'cjs'}`;
    return { title, file, code, output: output.trim() };
  });
}
