/** Reserved words of Python 3.11. */
const keywords = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if import in is
  lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);
/** Names of parameters that methods of the client already have. */
const ownParameters = new Set(['self', 'idempotency_key', 'wait_seconds']);
/** Types that a field of the same name would hide in its class. */
const usedTypes = new Set(['str', 'int', 'float', 'bool']);

/** Returns a name in snake_case: `lastEventId` and `Last-Event-ID` become `last_event_id`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** Returns a name in PascalCase: `node_selector` becomes `NodeSelector`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Returns the Python name of a parameter or method. A reserved word gets an underscore: `from` becomes `from_`. */
export function pythonName(name: string): string {
  const snake = snakeCase(name);
  return keywords.has(snake) || ownParameters.has(snake) ? `${snake}_` : snake;
}

/** Returns whether a string can be the name of a field in a class. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !keywords.has(text) && !usedTypes.has(text);
}

/** Returns a string as a Python literal. */
export function literal(value: string | number | boolean | null): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

/**
 * Returns a docstring with its quotes.
 * @param indent spaces before each line
 */
export function docstring(text: string, indent: string): string {
  const lines = text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"""').split('\n');
  const body = lines.map((line, index) => (index === 0 || line === '' ? line : indent + line)).join('\n');
  return `${indent}"""${body}${lines.length > 1 ? `\n${indent}` : ''}"""`;
}

/** Breaks a string into lines. @param width maximum characters of a line @param indent spaces before each line but the first */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : indent + word);
  }
  return lines.join('\n');
}
