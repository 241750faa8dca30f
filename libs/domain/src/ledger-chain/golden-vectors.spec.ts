import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonObject } from './canonical-json.js';
import { checksumOf, checksumText, HASH_VERSION } from './checksum.js';
import { ChainVerifier } from './chain-verifier.js';

interface Vector {
  readonly name: string;
  readonly metadataText: string;
  readonly canonicalMetadata: string;
  readonly entry: {
    readonly [member in 'entryId' | 'transactionId' | 'accountId' | 'type' | 'timestamp']: string;
  } & {
    readonly amount: number;
    readonly balanceBefore: number;
    readonly balanceAfter: number;
    readonly previousChecksum: string;
  };
  readonly text: string;
  readonly checksum: string;
}

const file = readFileSync(new URL('golden-vectors.json', import.meta.url), 'utf8');
const { hashVersion, vectors } = JSON.parse(file) as { hashVersion: number; vectors: Vector[] };

function fieldsOf({ entry, canonicalMetadata }: Vector): Parameters<typeof checksumOf>[0] {
  return {
    ...entry,
    amount: BigInt(entry.amount),
    balanceBefore: BigInt(entry.balanceBefore),
    balanceAfter: BigInt(entry.balanceAfter),
    metadataJson: canonicalMetadata,
  };
}

describe('the golden vectors', () => {
  it('are of the present hash version', () => {
    expect(hashVersion).toBe(HASH_VERSION);
    expect(vectors.length).toBeGreaterThanOrEqual(40);
  });

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(canonicalJson(JSON.parse(vector.metadataText) as JsonObject)).toBe(vector.canonicalMetadata);
    expect(checksumText(fieldsOf(vector))).toBe(vector.text);
    expect(checksumOf(fieldsOf(vector))).toBe(vector.checksum);
  });

  it('form one chain', () => {
    const verifier = new ChainVerifier();
    vectors.forEach((vector, i) => {
      const { checksum } = vector;
      const fault = verifier.next({ ...fieldsOf(vector), checksum, sequence: BigInt(i + 1), hashVersion });
      expect(fault).toBeUndefined();
    });
  });
});
