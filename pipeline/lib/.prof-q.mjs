import { readFileSync } from 'node:fs';
import { find, findRefused, makeFinder, makeNames } from '../../site/client/find.ts';
const dir = process.argv[2];
const finder = makeFinder(JSON.parse(readFileSync(dir+'/search.json','utf8')));
const refused = JSON.parse(readFileSync(dir+'/refused.json','utf8')); const names = makeNames(refused.ids);
const Q = ['qwen','qwen3','qwen2.5 7b','llama 3.1 8b','llama3','tinyllama','tiny lama','mistral 7b instruct','mixtral','phi-3','phi 2','gemma 2b','gemma3','deepseek','deepseek r1','deepseek coder','codellama','coding','coding 12 gb','best coding model for 8gb','7b','3b q4','q4_k_m','8 bit','gguf','gguf 8gb','apache 2.0','mit','vision','embedding','image','text to image','flux','stable diffusion','sdxl','metal','mac 16gb','ollama','TheBloke','bartowski llama','https://huggingface.co/Qwen/Qwen3-8B','smollm','yi','128k','whisper','uncensored','rtx 3060 12gb','mistarl'];
for (const q of Q) { const f = find(finder, q); const r = findRefused(names, refused, q, 2).map(a=>refused.ids[a]); console.log(q.padEnd(32), String(f.places.length).padStart(3), f.close?'close':'     ', f.unsure.length?`+${f.unsure.length}?`:'', f.places.slice(0,3).map(a=>finder.index.ids[a]).join(', '), r.length?`| refused: ${r.join(', ')}`:''); }
