/** Under this key a route keeps its access rule, or 'public'. */
export const ACCESS_RULE = 'steelyard:access-rule';
