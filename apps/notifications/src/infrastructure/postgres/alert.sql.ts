import type { AlertQuery } from '../../application/alerts/alert-store.port.js';

/** Whoever inserts the occurrence first decides about it; others wait here until that is committed. */
export const INSERT_OCCURRENCE = {
  name: 'insert_occurrence',
  text: `insert into notifications.alert_occurrences (occurrence_id, alert_id, resolved_at_ms)
         values ($1, $2, $3) on conflict (occurrence_id) do nothing`,
};

export const LOCK_OCCURRENCE = {
  name: 'lock_occurrence',
  text: `select alert_id, resolved_at_ms from notifications.alert_occurrences
         where occurrence_id = $1 for update`,
};

/** No row when one of the type and subject is open already: `one_open_alert`. */
export const OPEN_ALERT = {
  name: 'open_alert',
  text: `insert into notifications.alerts
           (alert_id, type, subject, account_id, level, message, detail_json, opened_at_ms, closed_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (type, subject) where closed_at_ms is null do nothing`,
};

/** Locks the open alert, so that it is not closed while an occurrence joins it. */
export const LOCK_OPEN_ALERT = {
  name: 'lock_open_alert',
  text: `select alert_id from notifications.alerts
         where type = $1 and subject = $2 and closed_at_ms is null for update`,
};

export const JOIN_ALERT = {
  name: 'join_alert',
  text: 'update notifications.alert_occurrences set alert_id = $2 where occurrence_id = $1',
};

export const LOCK_ALERT = {
  name: 'lock_alert',
  text: 'select alert_id from notifications.alerts where alert_id = $1 for update',
};

export const RESOLVE_OCCURRENCE = {
  name: 'resolve_occurrence',
  text: 'update notifications.alert_occurrences set resolved_at_ms = $2 where occurrence_id = $1',
};

/** Closes the alert when none of its occurrences is left; the alert's row is locked. */
export const CLOSE_ALERT = {
  name: 'close_alert',
  text: `update notifications.alerts set closed_at_ms = $2
         where alert_id = $1 and closed_at_ms is null
           and not exists (select from notifications.alert_occurrences as o
                           where o.alert_id = $1 and o.resolved_at_ms is null)`,
};

const FILTERS = {
  accountId: 'account_id =',
  type: 'type =',
} as const;

/** A page, newest first. Which filters there are decides the statement, so that each has its index. */
export function listAlerts(query: AlertQuery): { name: string; text: string; values: unknown[] } {
  const conditions: string[] = [];
  const values: unknown[] = [query.limit];
  const names: string[] = [];
  for (const name of ['accountId', 'type'] as const) {
    if (query[name] === undefined) continue;
    conditions.push(`${FILTERS[name]} $${values.push(query[name])}`);
    names.push(name);
  }
  if (query.status !== undefined) {
    conditions.push(`closed_at_ms is ${query.status === 'open' ? 'null' : 'not null'}`);
    names.push(query.status);
  }
  if (query.after !== undefined) {
    const place = values.push(query.after.openedAtMs, query.after.alertId);
    conditions.push(`(opened_at_ms, alert_id) < ($${place - 1}, $${place})`);
    names.push('after');
  }
  return {
    name: ['list_alerts', ...names].join('_'),
    text: `select alert_id, type, account_id, level, message, detail_json, opened_at_ms, closed_at_ms
           from notifications.alerts ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
           order by opened_at_ms desc, alert_id desc limit $1`,
    values,
  };
}
