/** Makes an element. Strings become text nodes, whatever they hold. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
