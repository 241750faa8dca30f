import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { acceptCorrelationId, currentCorrelationId, withCorrelationId } from './index.js';

const UUID = /^[0-9a-f-]{36}$/;

describe('correlation ids', () => {
  it('stay with asynchronous work and do not leak between works', async () => {
    const seen = (id: string) =>
      withCorrelationId(id, async () => {
        await setImmediate();
        return currentCorrelationId();
      });
    expect(await Promise.all([seen('a'), seen('b')])).toEqual(['a', 'b']);
    expect(currentCorrelationId()).toBeUndefined();
  });

  it.each(['a', 'A-z.0_9:x', 'x'.repeat(128)])('are accepted: %j', (offered) => {
    expect(acceptCorrelationId(offered)).toBe(offered);
  });

  it.each([undefined, '', 'x'.repeat(129), 'a b', 'a\nb', 'ä', ['a', 'b']])('are replaced: %j', (offered) => {
    expect(acceptCorrelationId(offered)).toMatch(UUID);
  });
});
