/** Facts of bucket 7 are on `steelyard.facts.7`. */
export const FACT_SUBJECT_PREFIX = 'steelyard.facts';

/** The JetStream stream that holds them. */
export const FACT_STREAM = 'STEELYARD_FACTS';
