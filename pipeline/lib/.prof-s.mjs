import { readFileSync } from 'node:fs';
import { find, makeFinder, relax } from '../../site/client/find.ts';
const j = JSON.parse(readFileSync('/tmp/s/d33/search.json','utf8'));
const T = Number(process.argv[2]); const n = j.ids.length; const times = Math.ceil(T/n);
const rep = (c) => Array.from({length:times},()=>c).flat().slice(0,T);
const ids = Array.from({length:times},(_,t)=>j.ids.map(id=>t===0?id:id.replace('/', `${t}/`))).flat().slice(0,T);
const index = {...j, ids, downloads: [[1,T]], device: []}; for (const c of ['group','need','set','kind','millions','thousands','smallest']) index[c] = rep(j[c]);
let t0=performance.now(); const finder = makeFinder(index); console.log('makeFinder', (performance.now()-t0).toFixed(0));
const Q = ['qwen','llama 3.1 8b','7b','q4_k_m','coding','gguf 8gb','apache 2.0','metal','mac 16gb','rtx 3060 12gb','zzzz','tinylama','deepseek codr','qwen3 instuct','chat','vision',''];
for (const round of [0,1]) for (const q of Q) { const t=performance.now(); const f=find(finder,q,{device:12,backend:'cuda'}); const a=performance.now()-t; const t2=performance.now(); const r = f.places.length===0? relax(finder,q,{device:12,backend:'cuda'}):0; if(round) console.log(q.padEnd(16), a.toFixed(0).padStart(5),'ms', f.places.length, f.close?'close':'', r?`relax ${(performance.now()-t2).toFixed(0)} ms`:''); }
