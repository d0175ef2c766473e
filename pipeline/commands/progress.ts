/** Shows the progress of a crawl: a bar that moves on a terminal, a line a minute elsewhere. */
import type { CrawlProgress } from '../crawl/index.ts';

export interface Screen {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Returns the time in milliseconds. */
  readonly now: () => number;
}

const REDRAW_MS = 100;
const LINE_MS = 60_000;
const BAR_CELLS = 24;
const CLEAR_LINE = '\r\u001b[2K';

export class ProgressDisplay {
  readonly #screen: Screen;
  #stage: CrawlProgress['stage'] | undefined;
  #startedAt = 0;
  #startedWith = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #barIsOpen = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(progress: CrawlProgress): void {
    const now = this.#screen.now();
    if (progress.stage !== this.#stage) {
      this.#stage = progress.stage;
      this.#startedAt = now;
      this.#startedWith = progress.done;
      this.#shownAt = Number.NEGATIVE_INFINITY;
    }
    const due = now - this.#shownAt >= (this.#screen.isTerminal ? REDRAW_MS : LINE_MS);
    if (!due && progress.done !== progress.all) return;
    this.#shownAt = now;
    const perSecond = (progress.done - this.#startedWith) / ((now - this.#startedAt) / 1000);
    const text = describeProgress(progress, Number.isFinite(perSecond) ? perSecond : 0);
    this.#screen.write(this.#screen.isTerminal ? CLEAR_LINE + bar(progress) + text : `${text}\n`);
    this.#barIsOpen = this.#screen.isTerminal;
  }

  /** Writes a line of its own; the bar continues below it. */
  note(message: string): void {
    this.#screen.write(`${this.#barIsOpen ? CLEAR_LINE : ''}${message.replaceAll('\n', ' ')}\n`);
    this.#barIsOpen = false;
  }

  end(): void {
    if (this.#barIsOpen) this.#screen.write('\n');
    this.#barIsOpen = false;
  }
}

function describeProgress(progress: CrawlProgress, perSecond: number): string {
  const { stage, done, all, unit, pages, left } = progress;
  const parts = [
    `${stage}: ${done}${all === undefined ? '' : ` of ${all}`} ${unit}`,
    ...(pages > 0 ? [`${pages} pages`] : []),
    ...(perSecond > 0 ? [`${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} a second`] : []),
    `${left} requests left in this window`,
    ...(all !== undefined && all > done && perSecond > 0 ? [timeLeft((all - done) / perSecond)] : []),
  ];
  return parts.join(', ');
}

function timeLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s to go` : `${Math.ceil(seconds / 60)} min to go`;
}

function bar({ done, all }: CrawlProgress): string {
  if (all === undefined || all === 0) return '';
  const full = Math.round(Math.min(1, done / all) * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] `;
}
