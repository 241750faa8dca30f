import type { Journalled } from '../answers/index.js';
import { Steelyard, type SteelyardClient } from '../client/index.js';
import type { Executor } from '../dispatch/index.js';
import { openPermissive, type PermissiveJournal, type PermissiveSettings } from '../journal/index.js';
import { LegacyExecutor } from './legacy-executor.js';
import type { LegacyPath } from './legacy-path.js';
import { ShadowExecutor, type ShadowSettings } from './shadow-executor.js';

/**
 * - `off`: the old path alone
 * - `shadow`: both; the old one decides, differences are reported
 * - `enforce`: the new path alone
 * - `permissive`: the new path; while it is away, operations are journalled and the caller goes on
 */
export type MigrationMode = 'off' | 'shadow' | 'enforce' | 'permissive';

export interface MigrationSettings extends Partial<ShadowSettings> {
  readonly mode: MigrationMode;
  readonly steelyard: SteelyardClient;
  /** For the modes off and shadow. */
  readonly legacy?: LegacyPath | undefined;
  /** For the mode permissive. */
  readonly journal?: PermissiveSettings | undefined;
}

/** What only some modes have. */
interface ModeParts {
  readonly journal?: PermissiveJournal;
  readonly shadow?: ShadowExecutor;
}

/** The same calls in every mode: going from one to the next changes a setting and no code. */
export class MigratingClient extends Steelyard<Journalled> {
  /** In the mode permissive: what waits. */
  readonly journal: PermissiveJournal | undefined;
  readonly #shadow: ShadowExecutor | undefined;

  /** @internal */
  constructor(
    readonly mode: MigrationMode,
    executor: Executor<Journalled>,
    { journal, shadow }: ModeParts = {},
  ) {
    super(executor);
    this.journal = journal;
    this.#shadow = shadow;
  }

  /** In the mode shadow: waits until the new path has followed the old one. */
  async settled(): Promise<void> {
    await this.#shadow?.settled();
  }
}

/**
 * A client for the time of a migration. Closing it closes the client that it was given.
 *
 * @throws TypeError when the mode needs a setting that is not given
 * @throws JournalLockedError when another process uses the journal's directory
 */
export async function migratingClient(settings: MigrationSettings): Promise<MigratingClient> {
  const { mode, steelyard, legacy, onDifference, journal } = settings;
  const service = steelyard.executor;
  switch (mode) {
    case 'off':
      return new MigratingClient(mode, new LegacyExecutor(given(legacy, mode, 'legacy'), service));
    case 'shadow': {
      const old = new LegacyExecutor(given(legacy, mode, 'legacy'), service);
      const report = given(onDifference, mode, 'onDifference');
      const shadow = new ShadowExecutor(old, service, { ...settings, onDifference: report });
      return new MigratingClient(mode, shadow, { shadow });
    }
    case 'enforce':
      return new MigratingClient(mode, service);
    case 'permissive': {
      const opened = await openPermissive(service, given(journal, mode, 'journal'));
      return new MigratingClient(mode, opened.executor, opened);
    }
  }
}

function given<Setting>(setting: Setting | undefined, mode: MigrationMode, name: string): Setting {
  if (setting === undefined) throw new TypeError(`the mode ${mode} needs the setting ${name}`);
  return setting;
}
