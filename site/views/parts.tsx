/** Pieces that several pages share. */
import type { ReactNode } from 'react';
import { link, matrix, modelLink } from '../lib/matrix.ts';

/** The box works without a script up to the page of results, which needs one. */
export function SearchBox({ autoFocus = false }: { readonly autoFocus?: boolean }) {
  return (
    <search>
      <form action={link('/search/')} method="get" className="box">
        <label htmlFor="q" className="hidden">
          Search models
        </label>
        <input
          id="q"
          name="q"
          type="search"
          placeholder="llama 3 8b, coding 12 gb, or an address of the Hub"
          aria-keyshortcuts="/"
          data-shard-bits={matrix.header.shardBits}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          data-focus={autoFocus || undefined}
        />
        <button type="submit">Search</button>
      </form>
    </search>
  );
}

/** The heads of the columns that count models and downloads. */
export function AmountHeads() {
  return (
    <>
      <th scope="col" className="number">
        Models
      </th>
      <th scope="col" className="number">
        Downloads
      </th>
    </>
  );
}

/** A section that scrolls by itself where it is wider than a phone, and can be reached by keyboard for that. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody could scroll by keyboard.
    <section className="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

/** A repo id that may be broken after its owner and at any sign. */
export function RepoId({ id }: { readonly id: string }) {
  const cut = id.indexOf('/') + 1;
  return (
    <>
      {id.slice(0, cut)}
      {cut > 0 && <wbr />}
      {id.slice(cut)}
    </>
  );
}

export function ModelLink({ id }: { readonly id: string }) {
  return (
    <a href={modelLink(id)}>
      <RepoId id={id} />
    </a>
  );
}

export const STATES = {
  compatible: { mark: '✓', className: 'yes' },
  incompatible: { mark: '✗', className: undefined },
  unknown: { mark: '?', className: 'maybe' },
} as const;
