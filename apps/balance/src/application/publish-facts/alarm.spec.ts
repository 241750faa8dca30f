import { describe, expect, it } from '@jest/globals';
import { Alarm } from './alarm.js';

const LONG_MS = 60_000;

describe('Alarm', () => {
  it('wakes the sleeper before its time', async () => {
    const alarm = new Alarm();
    const sleeping = alarm.sleep(LONG_MS);
    alarm.ring();
    await sleeping;
  });

  it('lets nobody fall asleep who was rung for before, once', async () => {
    const alarm = new Alarm();
    alarm.ring();
    alarm.ring();
    await alarm.sleep(LONG_MS);
    let isAwake = false;
    const sleeping = alarm.sleep(LONG_MS).then(() => (isAwake = true));
    await new Promise(setImmediate);
    expect(isAwake).toBe(false);
    alarm.ring();
    await sleeping;
  });

  it('ends by itself', async () => {
    await new Alarm().sleep(1);
  });
});
