const SECRET_NAME = /SECRET|PASSWORD|TOKEN|PRIVATE|CREDENTIAL|(^|_)KEYS?($|_)/;
const URL_NAME = /(^|_)URL$/;
/** Enough to recognise a value that was pasted into the wrong variable. */
const PRINTED_LENGTH_MAX = 80;
const NOT_SHOWN = 'set to a value that is not shown';

/** What a message may say about a variable's value: never a secret, and of a URL never its credentials. */
export function printableValue(variable: string, value: string): string {
  if (SECRET_NAME.test(variable)) return NOT_SHOWN;
  if (!URL_NAME.test(variable)) return quote(value);
  // Without an "@" there are no credentials before the host; a query may still hold some.
  if (!value.includes('@') && !value.includes('?')) return quote(value);
  return withoutCredentials(value);
}

function withoutCredentials(value: string): string {
  if (!URL.canParse(value)) return NOT_SHOWN;
  const { protocol, host, pathname } = new URL(value);
  return host === '' ? NOT_SHOWN : quote(`${protocol}//${host}${pathname}`);
}

function quote(value: string): string {
  const shown = value.length > PRINTED_LENGTH_MAX ? `${value.slice(0, PRINTED_LENGTH_MAX)}…` : value;
  return JSON.stringify(shown);
}
