import type { Journalled } from '../answers/index.js';
import type { Executor } from '../dispatch/index.js';
import { DiscrepancyLog, type OnDiscrepancy } from './discrepancy-log.js';
import { JournalReplayer, type ReplayReport } from './journal-replayer.js';
import { OperationJournal, type JournalSettings } from './operation-journal.js';
import { PermissiveExecutor } from './permissive-executor.js';
import { ReplaySchedule, type ReplayScheduleSettings } from './replay-schedule.js';

export interface PermissiveSettings extends JournalSettings, ReplayScheduleSettings {
  /** Told of every discrepancy after it was written to `discrepancies.ndjson` in the journal's directory. */
  readonly onDiscrepancy: OnDiscrepancy;
}

/** The journal of a permissive client: what waits, and how to send it. */
export interface PermissiveJournal {
  /** Operations that wait. */
  readonly pending: number;
  /** Sends what waits now, instead of some time soon. */
  replay(): Promise<ReplayReport>;
}

export interface OpenedPermissive {
  readonly executor: Executor<Journalled>;
  readonly journal: PermissiveJournal;
}

/** Opens the journal of a directory and puts it before the service. What waits in it is sent in the background. */
export async function openPermissive(
  service: Executor,
  { onDiscrepancy, ...settings }: PermissiveSettings,
): Promise<OpenedPermissive> {
  const damaged: string[] = [];
  const journal = await OperationJournal.open(settings, (line) => damaged.push(line));
  try {
    const discrepancies = await DiscrepancyLog.open(settings.directory, onDiscrepancy);
    for (const line of damaged) await discrepancies.add({ reason: 'damaged', line });
    await journal.tidy();
    const schedule = new ReplaySchedule(new JournalReplayer(journal, service, discrepancies), settings);
    if (journal.size > 0) schedule.soon();
    const permissive = new PermissiveExecutor(service, journal, () => schedule.soon());
    const close = async (): Promise<void> => {
      await schedule.stop();
      await journal.close();
      await discrepancies.close();
      await service.close();
    };
    return {
      executor: executorWith(permissive, close),
      journal: {
        get pending() {
          return journal.size;
        },
        replay: () => schedule.now(),
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function executorWith(permissive: PermissiveExecutor, close: () => Promise<void>): Executor<Journalled> {
  return {
    execute: (command, options) => permissive.execute(command, options),
    executeBatch: (mode, commands, options) => permissive.executeBatch(mode, commands, options),
    query: (kind, input, options) => permissive.query(kind, input, options),
    close,
  };
}
