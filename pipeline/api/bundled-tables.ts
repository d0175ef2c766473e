/** The tables for extraction that come with this package, compiled when they are first asked for. */
import JSON5 from 'json5';
import { packageData } from '../data/package-data.ts';
import { compileTables, type Tables } from '../data/tables.ts';

let tables: Tables | undefined;

export function bundledTables(): Tables {
  if (tables === undefined) {
    const { architectures, quantizations, configDefaults } = packageData();
    tables = compileTables(architectures, quantizations, configDefaults, JSON5.parse);
  }
  return tables;
}
