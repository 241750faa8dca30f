import { hash } from 'node:crypto';

/** Says what is hashed, so that the digest cannot be taken for one of something else. */
const DOMAIN = 'steelyard.audit.personal.1';

/** What identifies a person, kept beside the chain so that it can be erased. */
export interface PersonalData {
  /** 32 random bytes, lower-case hex; one salt for one record. */
  readonly salt: string;
  /** Canonical JSON of an object. */
  readonly json: string;
}

/**
 * What the chain keeps of personal data: lower-case hex SHA-256 over a salt and the data. With both at hand it
 * proves that the data are the ones that were recorded; once they are erased nothing can be guessed from it, not
 * even by trying all addresses, because the salt has 256 bits and is gone.
 */
export function personalDigestOf({ salt, json }: PersonalData): string {
  return hash('sha256', `${DOMAIN}\n${salt}\n${json}`, 'hex');
}
