/** Adds flows to their rows. Locks rows of buckets only whose inbox rows already guard them. */
export const ADD_SUPPLY = {
  name: 'add_supply',
  text: `insert into analytics.supply_daily as supply
           (bucket, currency, day, type, kind, entries, amount_in, amount_out)
         select bucket, currency, day, type, kind, entries, amount_in, amount_out
         from jsonb_to_recordset($1::jsonb) as flow(bucket smallint, currency text, day date, type text, kind text,
           entries bigint, amount_in numeric, amount_out numeric)
         on conflict (bucket, currency, day, type, kind) do update
           set entries = supply.entries + excluded.entries,
               amount_in = supply.amount_in + excluded.amount_in,
               amount_out = supply.amount_out + excluded.amount_out`,
};

const SUMS = `select currency, type, kind, sum(entries)::bigint as entries,
                     sum(amount_in)::text as amount_in, sum(amount_out)::text as amount_out
              from analytics.supply_daily`;
const ORDER = 'group by currency, type, kind order by currency, type, kind';

/** By index over the currency, without the rows themselves. */
export const SUM_CURRENCY = { name: 'sum_currency', text: `${SUMS} where currency = $1 ${ORDER}` };

export const SUM_ALL = { name: 'sum_all', text: `${SUMS} ${ORDER}` };
