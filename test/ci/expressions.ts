/** Values that expressions can name, by context: `github`, `inputs`, `matrix`. */
export interface Contexts {
  readonly [context: string]: unknown;
}

/**
 * Replaces each `${{ … }}` by its value, as GitHub Actions does, as far as the files of this repository need it.
 * @throws Error for an expression that is not known here, so that none is overlooked
 */
export function expand(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, contexts) ?? ''));
}

/** Returns whether a job or step with this `if` runs. @param hasFailed whether an earlier step has failed */
export function shouldRun(condition: string | undefined, contexts: Contexts, hasFailed = false): boolean {
  if (condition === 'always()') return true;
  return !hasFailed && (condition === undefined || Boolean(evaluate(condition, contexts)));
}

function evaluate(expression: string, contexts: Contexts): unknown {
  const text = expression.trim();
  const [, left, right] = /^(.+?)\s*\|\|\s*(.+)$/.exec(text) ?? [];
  if (left !== undefined && right !== undefined) return evaluate(left, contexts) || evaluate(right, contexts);
  const [, first, second] = /^(.+?)\s*&&\s*(.+)$/.exec(text) ?? [];
  if (first !== undefined && second !== undefined) return evaluate(first, contexts) && evaluate(second, contexts);
  const [, name, operator, literal] = /^(\S+) ([!=]=) '([^']*)'$/.exec(text) ?? [];
  if (name !== undefined) return ((evaluate(name, contexts) ?? '') === literal) === (operator === '==');
  // hashFiles is used for the keys of caches alone, which these tests do not check.
  if (/^hashFiles\('[^']*'(, '[^']*')*\)$/.test(text)) return '';
  if (!/^[a-z]+(\.\w+)+$/i.test(text)) throw new Error(`unknown expression: ${text}`);
  return text.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([found]) => found === key)?.[1];
  }, contexts);
}
