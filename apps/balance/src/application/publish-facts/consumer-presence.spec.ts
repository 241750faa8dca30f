import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { ConsumerPresence } from './consumer-presence.js';

function setUp() {
  const told: string[] = [];
  let nowMs = 1_000_000;
  const presence = new ConsumerPresence(
    {
      delivered: (consumer, facts) => told.push(`${consumer} took ${facts}`),
      failed: ({ consumer, attempt }) => told.push(`${consumer} failed ${attempt}`),
      away: (consumer) => told.push(`${consumer} away`),
      back: (consumer) => told.push(`${consumer} back`),
      interrupted: () => told.push('interrupted'),
      resumed: () => told.push('resumed'),
    },
    { onReturn: (consumer) => told.push(`${consumer} returned`), now: () => nowMs },
  );
  const fail = (consumer: string, error: Error): void =>
    presence.failed({ consumer, bucket: 0, attempt: 1, error });
  return { presence, told, fail, pass: (ms: number) => (nowMs += ms) };
}

describe('ConsumerPresence', () => {
  it('tells of the return of a consumer that was away for a while', () => {
    const { presence, told, fail, pass } = setUp();
    fail('ledger', new OutageError('away'));
    pass(600);
    fail('ledger', new OutageError('away'));
    pass(400);
    presence.delivered('ledger', 3);
    presence.delivered('ledger', 1);
    expect(told).toEqual([
      ...['ledger failed 1', 'ledger away', 'ledger failed 1', 'ledger away'],
      ...['ledger took 3', 'ledger back', 'ledger returned', 'ledger took 1'],
    ]);
  });

  it('does not end pauses after a moment', () => {
    const { presence, told, fail, pass } = setUp();
    fail('ledger', new OutageError('away'));
    pass(999);
    presence.delivered('ledger', 1);
    expect(told).toEqual(['ledger failed 1', 'ledger away', 'ledger took 1', 'ledger back']);
  });

  it('takes a refusal for none, and one consumer not for another', () => {
    const { presence, told, fail, pass } = setUp();
    fail('ledger', new Error('refused'));
    fail('analytics', new OutageError('away'));
    pass(5_000);
    presence.delivered('ledger', 1);
    expect(told).toEqual(['ledger failed 1', 'analytics failed 1', 'analytics away', 'ledger took 1']);
  });
});
