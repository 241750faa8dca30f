const HOUR_MS = '3600000';

/** Settings of a ledger app that does nothing but what is measured: all else in the background comes once an hour. */
export const QUIET_LEDGER: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['LEDGER_WALK', 'LEDGER_VERIFY', 'LEDGER_RECONCILE', 'LEDGER_SEAL_VERIFY', 'LEDGER_AUDIT_VERIFY'],
    'FACTS_CATCH_UP',
  ].map((job) => [`${job}_INTERVAL_MS`, HOUR_MS]),
);
