import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../ledger-chain/index.js';
import { metadataJsonOf, refuseReservedNames, RESERVED_METADATA_NAMES } from './details.js';

describe('metadataJsonOf', () => {
  it('writes the members of the caller and of the platform as one canonical object', () => {
    const details = {
      reason: 'rebuy',
      source: 'cashier',
      performedBy: 'op-1',
      agentId: 'agent-7',
      effectiveAtMs: Date.UTC(2024, 0, 31),
      metadata: { zebra: 1, Alpha: { b: 1, a: null } },
    };
    expect(metadataJsonOf(details, { reverses: 'id', rate: '24.5' })).toBe(
      '{"Alpha":{"a":null,"b":1},"agentId":"agent-7","effectiveAt":"2024-01-31T00:00:00.000Z"' +
        ',"performedBy":"op-1","rate":"24.5","reason":"rebuy","reverses":"id","source":"cashier","zebra":1}',
    );
  });

  it('is an empty object when nothing was said', () => {
    expect(metadataJsonOf({})).toBe('{}');
  });

  it('keeps a member named __proto__ and takes nothing from it', () => {
    const metadata = JSON.parse('{"__proto__":{"reason":"forged"}}') as JsonObject;
    expect(metadataJsonOf({ metadata })).toBe('{"__proto__":{"reason":"forged"}}');
  });
});

describe('refuseReservedNames', () => {
  it.each(RESERVED_METADATA_NAMES)('refuses %s and names it', (name) => {
    expect(refuseReservedNames({ ok: 1, [name]: 'x' })).toEqual({
      kind: 'refusal',
      code: 'INVALID_METADATA',
      message: `metadata.${name} is a reserved name; choose another`,
      field: `metadata.${name}`,
    });
  });

  it.each(['Reason', 'reasons', 'note', '__proto__'])('leaves %s to the caller', (name) => {
    expect(refuseReservedNames(JSON.parse(`{"${name}":{"reason":1}}`) as JsonObject)).toBeUndefined();
  });
});
