export { ProblemError, type ProblemDetails } from './problem-error.js';
export { ProblemFilter } from './problem.filter.js';
export { problemFor, PROBLEM_CONTENT_TYPE, type Problem } from './problem.js';
export { sendProblem } from './send-problem.js';
export { fastifyOptions, BODY_MAX_BYTES, type HttpSettings } from './fastify-options.js';
export { useCorrelation } from './correlation.hook.js';
