/** The script of pages with long lists. */
import { makeTablesSortable } from './sortable-tables.ts';

makeTablesSortable();
