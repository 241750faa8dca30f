import { describe, expect, it } from '@jest/globals';
import type { BenchResults, LegResult, SideResult } from '../results.types.js';
import { BEGIN_MARKER, END_MARKER, withResults } from './markdown.js';
import { median } from './statistics.js';
import { verdicts } from './targets.js';

function side(id: string, rates: readonly number[]): SideResult {
  return {
    id,
    title: id,
    kind: id === 'tpcb' ? 'baseline' : 'product',
    call: 'one command',
    isPaced: false,
    samples: rates.map((rate) => ({
      accepted: rate,
      refused: 0,
      failed: 0,
      seconds: 1,
      latencyMs: { p50: 1, p95: 2, p99: 3, max: 4 },
      cpuSeconds: { bench: 1 },
      walBytes: rate * 1_000,
    })),
  };
}

function leg(sides: readonly SideResult[]): LegResult {
  return { name: 'engine', title: 'Engine', sides, figures: [], checks: [], seconds: 1 };
}

function results(legs: readonly LegResult[]): BenchResults {
  return {
    machine: {
      cpu: 'a processor',
      cores: 2,
      memoryGiB: 24,
      system: 'Linux',
      node: 'v24',
      postgres: '18',
      pgbench: '18',
      loadBefore: 0,
    },
    conditions: {
      startedAt: '2026-11-21T10:00:00.000Z',
      rounds: 3,
      seconds: 1,
      accounts: 1_000,
      manyAccounts: 100_000,
      entries: 400_000,
    },
    legs,
    totalSeconds: 1,
  };
}

describe('median', () => {
  it('is the middle of an odd number of values and the mean of the middle two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(median([])).toBe(0);
  });
});

describe('verdicts', () => {
  it('scales what another system reached by the TPC-B-like rate of the same run', () => {
    const found = verdicts({
      legs: [leg([side('transfer-500-uniform-few', [29_000, 30_000, 31_000]), side('tpcb', [6_600])])],
    });
    expect(found.map(({ needed, isMet }) => [Math.round(needed), isMet])).toEqual([
      [33_000, false],
      [29_700, true],
    ]);
  });

  it('says nothing about a leg that was not run', () => {
    expect(verdicts({ legs: [] })).toEqual([]);
  });
});

describe('withResults', () => {
  it('replaces what is between the markers and nothing else', () => {
    const document = `before\n${BEGIN_MARKER}\nold\n${END_MARKER}\nafter\n`;
    const updated = withResults(document, results([leg([side('tpcb', [6_600])])]));
    expect(updated.startsWith(`before\n${BEGIN_MARKER}\n`)).toBe(true);
    expect(updated.endsWith(`${END_MARKER}\nafter\n`)).toBe(true);
    expect(updated).toMatch(/\| tpcb +\| +6,600 \|/);
    expect(updated).not.toContain('old');
    expect(withResults(updated, results([leg([side('tpcb', [6_600])])]))).toBe(updated);
  });

  it('refuses a document without its markers', () => {
    expect(() => withResults('# nothing', results([]))).toThrow('must hold these lines');
  });
});
