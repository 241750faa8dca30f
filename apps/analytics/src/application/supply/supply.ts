import { ACCOUNT_KINDS, type AccountKind } from './account-kind.js';

/** What all transactions of a type moved on all accounts of a kind, in one currency. Minor units, both positive. */
export interface SupplyFlow {
  readonly currency: string;
  readonly type: string;
  readonly kind: AccountKind;
  readonly entries: bigint;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

export interface KindSupply {
  readonly kind: AccountKind;
  readonly balance: bigint;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly entries: bigint;
}

/** What transactions of a type brought into circulation or took out of it. */
export interface TypeFlow {
  readonly type: string;
  readonly amount: bigint;
  readonly entries: bigint;
}

export interface CurrencySupply {
  readonly currency: string;
  readonly circulating: bigint;
  readonly issued: bigint;
  readonly kinds: readonly KindSupply[];
  readonly sources: readonly TypeFlow[];
  readonly sinks: readonly TypeFlow[];
}

/** Sums up one currency. A reversal of a type that brings in takes out again, under its own type. */
export function supplyOf(currency: string, flows: readonly SupplyFlow[]): CurrencySupply {
  const kinds = ACCOUNT_KINDS.map((kind) => kindSupply(kind, flows));
  const total = (isCounted: (kind: AccountKind) => boolean): bigint =>
    kinds.reduce((sum, { kind, balance }) => (isCounted(kind) ? sum + balance : sum), 0n);
  const world = flows.filter(({ kind }) => kind === 'world');
  return {
    currency,
    circulating: total((kind) => kind !== 'world'),
    issued: -total((kind) => kind === 'world'),
    kinds,
    sources: world.flatMap(({ type, amountOut: amount, entries }) =>
      amount === 0n ? [] : [{ type, amount, entries }],
    ),
    sinks: world.flatMap(({ type, amountIn: amount, entries }) =>
      amount === 0n ? [] : [{ type, amount, entries }],
    ),
  };
}

function kindSupply(kind: AccountKind, flows: readonly SupplyFlow[]): KindSupply {
  const own = flows.filter((flow) => flow.kind === kind);
  const sum = (amountOf: (flow: SupplyFlow) => bigint) =>
    own.reduce((total, flow) => total + amountOf(flow), 0n);
  const amountIn = sum((flow) => flow.amountIn);
  const amountOut = sum((flow) => flow.amountOut);
  return { kind, balance: amountIn - amountOut, amountIn, amountOut, entries: sum((flow) => flow.entries) };
}
