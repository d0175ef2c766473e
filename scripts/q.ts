import { readCases, readAs } from './score/case.ts';
import { CHECKS, checkVerdicts } from './score/checks.ts';
import { DATA_DIR, WORKERS_GLOB } from '../pipeline/lib/paths.ts';
import { loadTables } from '../pipeline/tables/index.ts';
import { loadWorkers } from '../pipeline/workers/load.ts';
const tables=loadTables(DATA_DIR), workers=loadWorkers(WORKERS_GLOB);
const only=process.argv[3];
for (const one of readCases(process.argv[2]!)) {
  if (only && !one.case.includes(only)) continue;
  for (const reading of ['live','listing'] as const) {
    const model=readAs(reading, one, tables); if(!model) {console.log('REJECTED',one.case);continue;}
    if (only) console.log(reading, JSON.stringify(model,null,0));
    for (const [k] of Object.entries(one.expect)) {
      const check = CHECKS[k] ?? checkVerdicts(k);
      const p = check({model,reading,workers}, one.expect);
      if (p) console.log(`${reading.padEnd(8)} ${one.case.padEnd(38)} ${k.padEnd(16)} ${p.slice(0,260)}`);
    }
  }
}
