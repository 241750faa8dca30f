const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * The first member that an object of a JSON text has twice; undefined when there is none. JSON.parse takes the last
 * of them and other readers the first, so that one document would say two things. The text must be valid JSON.
 */
export function repeatedMember(text: string): string | undefined {
  const open: Set<string>[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKEN)) {
    // A list gets a set as well, which stays empty.
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') string = token;
    else {
      // Names can be escaped: they are compared as what they stand for.
      const name = String(JSON.parse(string));
      const names = open.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return undefined;
}
