import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const TSC = join(MODULES, 'typescript/bin/tsc');
/** What a user's package manager installs beside it. */
const INSTALLED = ['@grpc', '@bufbuild', 'cockatiel', '@types', 'undici-types'];

const CONSUMER = `
import { SteelyardClient, grpcTransport, idempotencyKey, migratingClient, type Result, type Movement } from '@steelyard/client';
const client: SteelyardClient = new SteelyardClient({ transport: grpcTransport({ address: 'localhost:1' }), batch: true });
export async function pay(accountId: string): Promise<bigint | string> {
  const key = idempotencyKey.of('pay', 'table', accountId, 1);
  const paid: Result<Movement> = await client.accounts.withdraw({ accountId, amount: 5n }, { idempotencyKey: key });
  if (!paid.ok) return paid.error.code;
  return paid.value.balanceAfter;
}
export async function permissive(directory: string): Promise<string> {
  const game = await migratingClient({ mode: 'permissive', steelyard: client, journal: { directory, onDiscrepancy: console.log } });
  const won = await game.accounts.deposit({ accountId: 'alice', amount: 5n });
  if (!won.ok) return won.error.message;
  return won.journalled ? won.idempotencyKey : won.value.transactionId;
}
// @ts-expect-error amounts are bigint
void client.accounts.deposit({ accountId: 'alice', amount: 5 });
// @ts-expect-error a result has to be looked at first
void client.accounts.balance('alice').then((balance) => balance.value);
`;

describe('the package as it is installed', () => {
  let project: string;
  const installed = (): string => join(project, 'node_modules/@steelyard/client');

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'steelyard-consumer-'));
    const { stdout } = await run(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', project],
      {
        cwd: PACKAGE,
      },
    );
    await mkdir(installed(), { recursive: true });
    await run('tar', ['-xzf', join(project, stdout.trim()), '-C', installed(), '--strip-components=1']);
    for (const name of INSTALLED) await symlink(join(MODULES, name), join(project, 'node_modules', name));
  });
  afterAll(() => rm(project, { recursive: true }));

  const node = async (file: string, text: string): Promise<string> => {
    await writeFile(join(project, file), text);
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: project });
    expect(stderr).toBe('');
    return stdout.trim();
  };

  /** What the compiler has to say of the files. */
  async function faultsIn(files: readonly string[], options: readonly string[]): Promise<string> {
    for (const file of files) await writeFile(join(project, file), CONSUMER);
    const all = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', ...options, ...files];
    const { stdout } = await run(process.execPath, [TSC, ...all], { cwd: project }).catch(
      (error: unknown) => error as { stdout: string },
    );
    return stdout;
  }

  it('is imported by an ES module', async () => {
    const text = `import { idempotencyKey } from '@steelyard/client'; console.log(idempotencyKey.of('a', 'b', 'c', 1))`;
    expect(await node('main.mjs', text)).toBe('a:b:c:1');
  });

  it('is required by a CommonJS module', async () => {
    const text = `const { SteelyardClient, restTransport } = require('@steelyard/client');
      console.log(new SteelyardClient({ transport: restTransport({ url: 'http://localhost' }) }).state)`;
    expect(await node('main.cjs', text)).toBe('closed');
  });

  it('has types for both kinds of module, which check by themselves', async () => {
    const strictest = [
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
    ];
    expect(await faultsIn(['consumer.mts', 'consumer.cts'], ['--module', 'nodenext', ...strictest])).toBe('');
  });

  it('has types for compilers that keep the kinds of module apart', async () => {
    expect(await faultsIn(['consumer.cts'], ['--module', 'node16'])).toBe('');
  });

  it('has nothing in it that is private or not needed', async () => {
    const files = await readdir(installed(), { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    expect(paths.filter((path) => !/\.d\.ts$|\.js$|package\.json$|README\.md$/.test(path))).toEqual([]);
    for (const path of paths.filter((name) => !/package\.json$/.test(name))) {
      const imports = (await readFile(path, 'utf8')).match(
        /(from|require\(|import\() ?["']@steelyard\/(?!client["'])/g,
      );
      expect([path, imports]).toEqual([path, null]);
    }
    expect(existsSync(join(installed(), 'README.md'))).toBe(true);
  });
});
