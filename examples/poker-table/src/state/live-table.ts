import { allowed, type Ruled, type Table, type TableRules } from '../game/index.js';
import type { TableFile } from './table-file.js';
import type { TableRecord } from './table-record.js';

/** A table in memory and on the disk. The disk is first: what anybody sees here has been saved. */
export class LiveTable {
  /** Holds that a request of this process is working on right now. */
  readonly underWay = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: TableFile,
    private current: TableRecord,
  ) {}

  static async create(file: TableFile, table: Table): Promise<LiveTable> {
    const record = { table, asked: [], outbox: [] };
    await file.save(record);
    return new LiveTable(file, record);
  }

  static async load(file: TableFile): Promise<LiveTable> {
    return new LiveTable(file, await file.load());
  }

  get rules(): TableRules {
    return this.current.table.rules;
  }

  get record(): TableRecord {
    return this.current;
  }

  /** One at a time, in order of asking. Nested calls would wait for themselves: use `save` inside. */
  exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** Inside `exclusively` only. */
  async save(record: TableRecord): Promise<void> {
    await this.file.save(record);
    this.current = record;
  }

  /** Changes the record, if the rules allow it. */
  change(decide: (record: TableRecord) => Ruled<TableRecord>): Promise<Ruled<TableRecord>> {
    return this.exclusively(async () => {
      const decided = decide(this.current);
      if (decided.ok && decided.value !== this.current) await this.save(decided.value);
      return decided;
    });
  }

  /** Changes what stands on the table, by a rule that cannot be broken. */
  async changeTable(apply: (table: Table) => Table): Promise<void> {
    await this.change((record) => allowed({ ...record, table: apply(record.table) }));
  }
}
