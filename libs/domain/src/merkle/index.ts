export { emptyRoot, fromHex, HASH_BYTES, isSameHash, leafHash, nodeHash, toHex } from './hashing.js';
export { pathInList, rootOf } from './tree.js';
export {
  rootFromPath,
  verifyConsistency,
  verifyInclusion,
  type ConsistencyPath,
  type InclusionPath,
} from './paths.js';
export {
  appendLeaf,
  consistencyPlan,
  hashesOf,
  inclusionPlan,
  peakPlaces,
  rootFromPeaks,
  type CompleteNode,
  type LogFrontier,
  type NodePlace,
  type PathPlan,
} from './log.js';
