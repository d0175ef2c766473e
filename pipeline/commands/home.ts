/** Where a command line stands: in a clone of the project, or in a package that somebody else installed. */

export interface Home {
  /** The out/ that is asked where none is named: a folder, or an address. */
  readonly out: string;
  /** How the answers call that out/. */
  readonly outName: string;
  /** Returns how a command is written here. */
  readonly call: (command: string) => string;
}

export const CLONE: Home = {
  out: 'out',
  outName: 'out',
  call: (command) => (command === 'build' ? 'npm run build:matrix --' : `npm run --silent ${command} --`),
};
