import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compare } from '../src/check-generated/generated-sources.js';
import { clearResults, finalTotals, isSuccess, sumResults, totalsLine } from '../src/test-run/results.js';
import { select, testedPackages } from '../src/test-run/selection.js';
import { TestServers } from '../src/test-run/servers.js';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../', import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'steelyard-test-run-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function packageWith(name: string, results: Record<string, number>): string {
  const packageDir = join(dir, name);
  mkdirSync(packageDir);
  writeFileSync(join(packageDir, '.test-results.json'), JSON.stringify(results));
  return packageDir;
}

describe('the totals of a test run', () => {
  it('count a suite that could not be loaded as a failure', () => {
    const totals = sumResults([
      packageWith('one', { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 }),
      packageWith('two', {
        numPassedTests: 7,
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 1,
        numTodoTests: 1,
      }),
      join(dir, 'without-results'),
    ]);
    expect(totals).toEqual({ passed: 12, failed: 2, skipped: 3 });
    expect(isSuccess(totals)).toBe(false);
  });

  it('never call a run without a test a success', () => {
    expect(isSuccess({ passed: 0, failed: 0, skipped: 3 })).toBe(false);
  });

  it('show a failure when the runner failed without a failed test', () => {
    expect(finalTotals({ passed: 3, failed: 0, skipped: 0 }, false)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 0,
    });
    expect(finalTotals({ passed: 3, failed: 2, skipped: 0 }, false)).toEqual({
      passed: 3,
      failed: 2,
      skipped: 0,
    });
    expect(finalTotals({ passed: 3, failed: 0, skipped: 0 }, true)).toEqual({
      passed: 3,
      failed: 0,
      skipped: 0,
    });
  });

  it('are one line in a fixed form', () => {
    expect(totalsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('Tests: 12 passed, 0 failed');
    expect(totalsLine({ passed: 12, failed: 2, skipped: 3 })).toBe('Tests: 12 passed, 2 failed, 3 skipped');
  });

  it('forget an earlier run', () => {
    const packageDir = packageWith('one', { numPassedTests: 5 });
    clearResults([packageDir]);
    expect(sumResults([packageDir])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('what follows "npm test --"', () => {
  const packages = testedPackages(REPOSITORY_DIR);

  it('finds every package of the workspace', () => {
    expect(packages).toContainEqual({ name: '@steelyard/dev', dir: 'tools/dev' });
    expect(packages).toContainEqual({ name: '@steelyard/tests', dir: 'tests' });
  });

  it('selects a package by its name or folder', () => {
    const expected = { turboArguments: ['--filter=@steelyard/dev'], jestArguments: [] };
    expect(select(['@steelyard/dev'], packages, REPOSITORY_DIR)).toEqual(expected);
    expect(select(['tools/dev/'], packages, REPOSITORY_DIR)).toEqual(expected);
  });

  it('selects files by a path inside a package', () => {
    expect(select(['tools/dev/test/test-run.spec.ts'], packages, REPOSITORY_DIR)).toEqual({
      turboArguments: ['--filter=@steelyard/dev'],
      jestArguments: ['tools/dev/test/test-run.spec.ts'],
    });
  });

  it('takes any other word as a part of file paths in all packages', () => {
    expect(select(['checksum', '--force'], packages, REPOSITORY_DIR)).toEqual({
      turboArguments: ['--force'],
      jestArguments: ['checksum'],
    });
  });
});

describe('the servers of a test run', () => {
  const given = { TEST_DATABASE_URL: 'postgres://given', REDIS_URL: 'redis://given' };

  it('are those that the environment names', async () => {
    const servers = new TestServers({ ...given, NATS_URL: 'nats://given' }, () => undefined);
    try {
      expect(await servers.start()).toEqual({ ...given, NATS_URL: 'nats://given' });
    } finally {
      await servers.stop();
    }
  });

  it('are demanded in CI and announced as missing elsewhere', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = dir;
    const lines: string[] = [];
    const inCi = new TestServers({ ...given, CI: 'true' }, (line) => lines.push(line));
    const elsewhere = new TestServers(given, (line) => lines.push(line));
    try {
      await expect(inCi.start()).rejects.toThrow('nats-server is not on the PATH and NATS_URL is not set');
      expect(await elsewhere.start()).toEqual(given);
      expect(lines).toEqual([
        '*** nats-server is not on the PATH and NATS_URL is not set: suites that need it are LEFT OUT ***',
      ]);
    } finally {
      process.env['PATH'] = path;
      await inCi.stop();
      await elsewhere.stop();
    }
  });
});

describe('the comparison of generated files', () => {
  it('finds changed, missing and superfluous files', () => {
    const [committed, fresh] = [join(dir, 'committed'), join(dir, 'fresh')];
    for (const folder of [committed, fresh]) mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(committed, 'same.ts'), '1');
    writeFileSync(join(fresh, 'same.ts'), '1');
    writeFileSync(join(committed, 'deep', 'edited.ts'), '1');
    writeFileSync(join(fresh, 'deep', 'edited.ts'), '2');
    writeFileSync(join(committed, 'old.ts'), '1');
    writeFileSync(join(fresh, 'new.ts'), '1');
    expect(compare(committed, fresh)).toEqual([
      'deep/edited.ts: differs',
      'new.ts: is not committed',
      'old.ts: is committed, but not generated any more',
    ]);
  });

  it('compares single files too', () => {
    const [committed, fresh] = [join(dir, 'committed.json'), join(dir, 'fresh.json')];
    writeFileSync(fresh, '{}');
    expect(compare(committed, fresh)).toEqual([`${committed}: is not committed`]);
    writeFileSync(committed, '{}');
    expect(compare(committed, fresh)).toEqual([]);
  });
});
