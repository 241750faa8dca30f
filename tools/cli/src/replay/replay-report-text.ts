import { DEVIATIONS_TOLD_MAX, type Deviation, type ReplaySummary, type Supply } from './replay-report.js';

const LABEL_WIDTH = 18;
const FIGURE_WIDTH = 16;
const figures = new Intl.NumberFormat('en-US');

/** The report for people: one figure a line, then what the replay came to, then the first deviations. */
export function formatReplayReport(summary: ReplaySummary): string {
  const lines = [
    text('run', summary.run),
    text('kind', kindOf(summary)),
    line('hands', summary.hands, `at ${summary.tables} tables, ${summary.players} players`),
    line('played', summary.handsPlayed, `${figures.format(summary.handsReplayed)} of them replayed`),
    line('commands', summary.commandsNew, `new, ${figures.format(summary.commandsReplayed)} replayed`),
    '',
    line('chips in', summary.chipsIn, 'what the players sat down with'),
    line('contributed', summary.contributed),
    line('returned', summary.returned, 'uncalled bets'),
    line('won', summary.won),
    line('cashed out', summary.cashedOut),
    line('rake', summary.rake),
    line('chips out', summary.chipsOut, 'won and cashed out'),
    '',
    line('winners paid', summary.winnersPaid, `of ${figures.format(summary.winners)} to the chip`),
    line('hands conserved', summary.handsConserved, `of ${figures.format(summary.hands)}`),
    ...(summary.doubleCount ? doubleCounted(summary) : []),
    ...(summary.supply ? describeSupply(summary.supply, summary.supplyConserved) : []),
    '',
    text('seconds', String(summary.seconds)),
    ...conclusion(summary),
    ...summary.firstDeviations.map(describeDeviation),
    ...(summary.deviations > DEVIATIONS_TOLD_MAX
      ? [`  … and ${figures.format(summary.deviations - DEVIATIONS_TOLD_MAX)} more`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The report as JSON. Amounts are strings of digits: a sum may be larger than a JSON number is exact. */
export function toJson(summary: ReplaySummary): string {
  const plain = (_name: string, value: unknown): unknown =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify(summary, plain, 2)}\n`;
}

function kindOf({ doubleCount, escrowPolicy }: ReplaySummary): string {
  const kind = doubleCount ? 'winnings are credited and cashed out again' : 'as the hands were played';
  return `${kind}; escrow policy ${escrowPolicy}`;
}

function doubleCounted({
  escrowPolicy,
  supply,
  cashOuts,
  cashOutsRefused,
  chipsRefused,
}: ReplaySummary): readonly string[] {
  if (escrowPolicy === 'observe') {
    return supply === undefined ? [] : [line('chips created', supply.inflation, 'that no table covered')];
  }
  const refused = `of ${figures.format(cashOuts)}: INSUFFICIENT_ESCROW, ${figures.format(chipsRefused)} chips`;
  return [line('cash-outs refused', cashOutsRefused, refused)];
}

function describeSupply(supply: Supply, isConserved: boolean): readonly string[] {
  return [
    '',
    line('with the players', supply.players),
    line('on the tables', supply.tables),
    line('in pots', supply.pots),
    line('rake', supply.rake),
    line(
      'supply',
      supply.players + supply.tables + supply.pots + supply.rake,
      isConserved ? 'conserved' : 'NOT conserved',
    ),
  ];
}

function conclusion(summary: ReplaySummary): readonly string[] {
  const { deviations, stopped, commandsNew, supplyConserved } = summary;
  if (stopped !== undefined) return [`stopped: ${stopped}`];
  if (deviations > 0) return [`${figures.format(deviations)} DEVIATIONS`];
  if (!supplyConserved) return ['the supply is NOT conserved'];
  return [commandsNew === 0 ? 'everything was replayed, nothing moved' : 'everything is as it must be'];
}

function describeDeviation({ handId, table, what }: Deviation): string {
  return handId === undefined ? `  ${what}` : `  hand ${handId} at ${table ?? '?'}: ${what}`;
}

function text(label: string, value: string): string {
  return `${label.padEnd(LABEL_WIDTH)} ${value}`;
}

function line(label: string, figure: number | bigint, remark = ''): string {
  return `${label.padEnd(LABEL_WIDTH)} ${figures.format(figure).padStart(FIGURE_WIDTH)}  ${remark}`.trimEnd();
}
