/** The Copy button of each command: it copies the command beside it. */

/** The time in milliseconds that the button says what it did. */
const SHOWN_MS = 2_000;

export function showCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.copy')) showCopyButton(button);
}

/** Shows one button, which copies the command beside it. */
export function showCopyButton(button: HTMLButtonElement): void {
  const text = button.parentElement?.querySelector('code')?.textContent ?? '';
  button.hidden = false;
  button.addEventListener('click', () => void copy(button, text));
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Pages from an unsafe origin have no clipboard.
    button.textContent = 'Select it by hand';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, SHOWN_MS);
}
