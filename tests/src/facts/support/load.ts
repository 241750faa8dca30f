import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@steelyard/testing/wait';
import { sendUntilAnswered, type BalanceProcess } from '../../acceptance/support/balance-processes.js';
import { deposit, transfer } from '../../acceptance/support/wire-commands.js';

/** Money that moves all the time, over many buckets. */
export interface Load {
  /** Commands that were answered so far. */
  answered(): number;
  /** Resolves when that many more were answered. */
  more(commands: number): Promise<void>;
  stop(): Promise<void>;
}

const ACCOUNTS = 48;
const WORKERS = 4;
const COMMANDS_PER_CALL = 6;
const OPENING = 1_000_000n;
/** What moves while a process starts must not be more than what the test is about. */
const PAUSE_MS = 80;

const accountOf = (index: number) => `player-${index % ACCOUNTS}`;

/** Opens accounts through the first process, then moves money between them through all, each worker at its own. */
export async function startLoad(processes: readonly BalanceProcess[], name: string): Promise<Load> {
  const choose = (index: number): BalanceProcess => {
    const chosen = processes[index % processes.length];
    if (chosen === undefined) throw new Error('the load needs a process');
    return chosen;
  };
  const openings = Array.from({ length: ACCOUNTS }, (_, index) =>
    deposit(`${name}-open-${index}`, accountOf(index), OPENING),
  );
  await sendUntilAnswered(() => choose(0), openings);
  let answered = ACCOUNTS;
  let isOver = false;
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1) {
      const commands = Array.from({ length: COMMANDS_PER_CALL }, (_, index) => {
        const from = worker * 13 + turn * 7 + index * 5;
        const key = `${name}-${worker}-${turn}-${index}`;
        return transfer(key, [accountOf(from), accountOf(from + 1 + (turn % 11))], BigInt(1 + (turn % 9)));
      });
      await sendUntilAnswered(() => choose(worker), commands);
      answered += commands.length;
      await delay(PAUSE_MS);
    }
  };
  const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker));
  return {
    answered: () => answered,
    more: async (commands) => {
      const goal = answered + commands;
      await eventually(() => answered >= goal);
    },
    stop: async () => {
      isOver = true;
      await Promise.all(workers);
    },
  };
}
