import { html } from '../../lib/respond.tsx';
import { MissingPage } from '../../views/missing.tsx';

export const dynamic = 'force-static';

/** Next has a 404.html of its own: build.ts puts this one in its place. */
export function GET() {
  return html(<MissingPage />);
}
