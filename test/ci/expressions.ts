/** What `${{ … }}` can name. */
export interface Contexts {
  readonly [context: string]: unknown;
}

/**
 * Puts values in place of `${{ … }}`, as GitHub Actions does, as far as the files of this repository need it.
 * @throws Error for what it does not know, so that no expression is overlooked
 */
export function expand(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, contexts) ?? ''));
}

/** Whether a step is run. */
export function holds(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
  if (condition === 'always()') return true;
  return !failed && (condition === undefined || Boolean(evaluate(condition, contexts)));
}

function evaluate(expression: string, contexts: Contexts): unknown {
  const text = expression.trim();
  const [, left, right] = /^(.+?)\s*\|\|\s*(.+)$/.exec(text) ?? [];
  if (left !== undefined && right !== undefined) return evaluate(left, contexts) || evaluate(right, contexts);
  const [, name, literal] = /^(\S+) != '([^']*)'$/.exec(text) ?? [];
  if (name !== undefined) return (evaluate(name, contexts) ?? '') !== literal;
  if (!/^[a-z]+(\.\w+)+$/i.test(text)) throw new Error(`unknown expression: ${text}`);
  return text.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([found]) => found === key)?.[1];
  }, contexts);
}
