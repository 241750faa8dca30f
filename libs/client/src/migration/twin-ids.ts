/** More than can be open at a time; the oldest are forgotten. */
const TWINS_MAX = 100_000;
const ID_MEMBERS = ['reservationId', 'transactionId'] as const;

interface Twin {
  /** Our id; absent until our path has followed. */
  readonly ours?: string;
  /** What its operation touched. */
  readonly lanes: readonly string[];
}

/** What stands on our side for the reservations and transactions of the old path. */
export class TwinIds {
  readonly #twins = new Map<string, Twin>();

  /** Notes what an operation of the old path touched, under the ids that it led to. */
  note(legacyValue: unknown, lanes: readonly string[]): void {
    for (const name of ID_MEMBERS) {
      const id = idIn(legacyValue, name);
      if (id !== undefined) this.#remember(id, { lanes });
    }
  }

  link(legacyValue: unknown, ownValue: unknown): void {
    for (const name of ID_MEMBERS) {
      const [id, ours] = [idIn(legacyValue, name), idIn(ownValue, name)];
      if (id !== undefined && ours !== undefined)
        this.#remember(id, { lanes: this.#twins.get(id)?.lanes ?? [], ours });
    }
  }

  /** What the operation touched that led to the ids which an input names. */
  lanesBehind(input: object): readonly string[] {
    return ID_MEMBERS.flatMap((name) => this.#twins.get(idIn(input, name) ?? '')?.lanes ?? []);
  }

  /** The input for our path; undefined when it names something that only the old path knows. */
  translate<Input extends object>(input: Input): Input | undefined {
    for (const name of ID_MEMBERS) {
      const id = idIn(input, name);
      if (id === undefined) continue;
      const ours = this.#twins.get(id)?.ours;
      return ours === undefined ? undefined : { ...input, [name]: ours };
    }
    return input;
  }

  #remember(id: string, twin: Twin): void {
    this.#twins.delete(id);
    this.#twins.set(id, twin);
    if (this.#twins.size <= TWINS_MAX) return;
    for (const oldest of this.#twins.keys()) {
      this.#twins.delete(oldest);
      return;
    }
  }
}

function idIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const id: unknown = Reflect.get(value, name);
  return typeof id === 'string' ? id : undefined;
}
