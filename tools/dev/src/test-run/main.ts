import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onStopRequest } from '../process/stop-request.js';
import { clearResults, finalTotals, isSuccess, sumResults, totalsLine, type Totals } from './results.js';
import { select, testedPackages } from './selection.js';
import { TestServers } from './servers.js';
import { runTests } from './turbo.js';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../../', import.meta.url));

/** Runs the tests of the selected packages against servers that live as long as the run. */
async function main(args: readonly string[]): Promise<Totals> {
  const packages = testedPackages(REPOSITORY_DIR);
  const packageDirs = packages.map(({ dir }) => join(REPOSITORY_DIR, dir));
  clearResults(packageDirs);
  const servers = new TestServers(process.env, print);
  const interruption = new AbortController();
  onStopRequest((reason) => {
    print(`${reason}: stopping`);
    interruption.abort();
  });
  let hasSucceeded = false;
  try {
    const env = { ...process.env, ...(await servers.start()) };
    const selection = select(args, packages, REPOSITORY_DIR);
    hasSucceeded = await runTests({
      repositoryDir: REPOSITORY_DIR,
      selection,
      env,
      signal: interruption.signal,
    });
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
  } finally {
    await servers.stop();
  }
  return finalTotals(sumResults(packageDirs), hasSucceeded);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const totals = await main(process.argv.slice(2));
print(`\n${totalsLine(totals)}`);
process.exit(isSuccess(totals) ? 0 : 1);
