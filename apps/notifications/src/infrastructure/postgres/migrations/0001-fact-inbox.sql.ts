import { createFactInbox, factInboxGrants } from '@steelyard/facts/inbox';

/** How far this app has applied the facts of each bucket, and those it could not. */
export const CREATE_FACT_INBOX = createFactInbox('notifications');

/** What the app's role may do with them. */
export const FACT_INBOX_GRANTS = factInboxGrants('notifications');
