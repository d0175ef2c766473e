/** The search by keyboard: "/" goes to the box, arrows walk through the results, Enter opens the one that has the focus. */

const links = () => [...document.querySelectorAll<HTMLElement>('#results a, #others a')];

export function listenToKeys(input: HTMLInputElement): void {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '/' && !isTyping(event.target)) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') walk(event, input);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

/** Moves the focus from the box to the first result, on to the next, and back; elsewhere arrows scroll as they do. */
function walk(event: KeyboardEvent, input: HTMLInputElement): void {
  const all = links();
  const at = event.target === input ? -1 : all.indexOf(event.target as HTMLElement);
  if (at < 0 && event.target !== input) return;
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
  const to = next < 0 ? input : all[next];
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}
