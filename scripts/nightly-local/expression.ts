/**
 * Evaluates the part of GitHub's expressions that our workflows use: paths, texts, == != && ||, always(), failure(),
 * success().
 */

/** The values in which a path such as steps.last.outputs.base is looked up. */
export type Context = Readonly<Record<string, unknown>>;

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(==|!=|&&|\|\||[()])|([\w.-]+))/y;

/** Returns a text with each `${{ }}` replaced by its value; an unknown path is an empty text, as on GitHub. */
export function fill(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, context)));
}

/**
 * Returns the value of an expression: a text, or true or false.
 *
 * @throws Error naming the expression where it uses more than this function understands.
 */
export function evaluate(expression: string, context: Context): string | boolean {
  const tokens = tokensOf(expression);
  let at = 0;

  function operand(): string | boolean {
    const token = tokens[at++];
    if (token?.kind === 'text') return token.text;
    if (token?.text === '(') {
      const value = either();
      at += 1;
      return value;
    }
    if (token?.kind !== 'path') throw new Error(`Not understood: ${expression}`);
    if (tokens[at]?.text !== '(') return lookUp(context, token.text);
    at += 2;
    return lookUp(context, `${token.text}()`);
  }
  function comparison(): string | boolean {
    const left = operand();
    const operator = tokens[at]?.text;
    if (operator !== '==' && operator !== '!=') return left;
    at += 1;
    return (String(left) === String(operand())) === (operator === '==');
  }
  function both(): string | boolean {
    let value = comparison();
    while (tokens[at]?.text === '&&') {
      at += 1;
      const right = comparison();
      value = value && right;
    }
    return value;
  }
  function either(): string | boolean {
    let value = both();
    while (tokens[at]?.text === '||') {
      at += 1;
      const right = both();
      value = value || right;
    }
    return value;
  }

  const value = either();
  if (at !== tokens.length) throw new Error(`Not understood: ${expression}`);
  return value;
}

function tokensOf(expression: string): { kind: 'text' | 'sign' | 'path'; text: string }[] {
  const trimmed = expression.trim();
  const tokens: ReturnType<typeof tokensOf> = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) throw new Error(`Not understood: ${expression}`);
    const [, text, sign, path] = match;
    if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'path', text: path ?? '' });
  }
  return tokens;
}

function lookUp(context: Context, path: string): string | boolean {
  const value = path
    .split('.')
    .reduce<unknown>((from, name) => (from as Context | undefined)?.[name], context);
  return typeof value === 'boolean' ? value : value === undefined || value === null ? '' : String(value);
}
