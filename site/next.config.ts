/** A static export in which every page is a route handler: README.md of this folder says why. */
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

export default {
  output: 'export',
  trailingSlash: true,
  // `npm test` has checked the types by the project's own rules.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
  serverExternalPackages: ['esbuild'],
  // Files for coding agents are not part of a build.
  agentRules: false,
  experimental: { cpus: 2, agentUpgrade: false },
} satisfies NextConfig;
