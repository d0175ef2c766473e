/** Measures scripts/bench/profile.json again on the real records of the stand-in Hub: `npm run bench:profile`. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { HUB_DATA, hasStandInHub } from '../stand-in-hub.ts';
import { type MeasuredRecord, measureProfile } from './hub/measure.ts';

const PROFILE = fileURLToPath(new URL('profile.json', import.meta.url));

if (hasStandInHub()) {
  const lines = gunzipSync(readFileSync(HUB_DATA)).toString().trim().split('\n');
  const profile = measureProfile(lines.map((line) => JSON.parse(line) as MeasuredRecord));
  writeFileSync(PROFILE, `${JSON.stringify(profile, null, 2)}\n`);
  spawnSync('npx', ['biome', 'format', '--write', PROFILE], { stdio: 'inherit' });
} else console.log('The real records of ../shared are not here: profile.json stays as it is.');
