import { readFileSync } from 'node:fs';
import { loadTables } from '../pipeline/data/load-tables.ts';
import { extractMetadata } from '../pipeline/extract/index.ts';
import { parseRecord } from '../pipeline/extract/record.ts';
const tables = loadTables();
const ls = readFileSync('/tmp/base/rep30k.jsonl','utf8').trim().split('\n');
let u=process.cpuUsage(); const n=ls.length;
const take=(k:string)=>{const d=process.cpuUsage(u);console.log(k,((d.user+d.system)/n).toFixed(1));u=process.cpuUsage()};
for (let r=0;r<2;r++){
const recs=ls.map(l=>JSON.parse(l)); take('parse');
const ok=recs.map(parseRecord).flatMap(p=>p.ok?[p.record]:[]); take('check');
let c=0; for(const rec of ok){c+=extractMetadata(rec,tables).variants.length} take('extract');
}
