/** Makes the tables of a page sortable: each head becomes a button that sorts by its column, and back. */
import { compareCells } from './compare-cells.ts';

/** Tables with fewer rows are read at a glance. */
const LEAST_ROWS = 6;

export function makeTablesSortable(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.rows, table.files'))
    if ((table.tBodies[0]?.rows.length ?? 0) >= LEAST_ROWS) makeSortable(table);
}

function makeSortable(table: HTMLTableElement): void {
  for (const head of table.tHead?.rows[0]?.cells ?? []) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.append(...head.childNodes);
    button.addEventListener('click', () => sortBy(table, head));
    head.append(button);
  }
}

/** Sorts by a column: numbers with the largest first, names from A on; a second time the other way round. */
function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const first = head.classList.contains('number') ? 'descending' : 'ascending';
  const other = first === 'ascending' ? 'descending' : 'ascending';
  const order = head.getAttribute('aria-sort') === first ? other : first;
  for (const one of table.tHead?.rows[0]?.cells ?? []) one.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', order);
  const rows = [...body.rows].map((row) => ({ row, value: sortValue(row.cells[head.cellIndex]) }));
  rows.sort((a, b) => compareCells(a.value, b.value, order));
  body.append(...rows.map(({ row }) => row));
}

/** Returns what a cell is compared by: `data-value` where it has one, else its text. */
function sortValue(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset.value ?? cell?.textContent ?? '';
}
