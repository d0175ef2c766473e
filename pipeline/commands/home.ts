/** The place in which a command runs: a clone of the project, or a package that somebody else installed. */

export interface Home {
  /** The out/ that is read where none is named: a folder, or an address. */
  readonly out: string;
  /** The name of that out/ in answers. */
  readonly outName: string;
  /** Returns how a command is written here. */
  readonly call: (command: string) => string;
}

export const CLONE: Home = {
  out: 'out',
  outName: 'out',
  call: (command) => (command === 'build' ? 'npm run build:matrix --' : `npm run --silent ${command} --`),
};
