import { html } from '../../../lib/respond.tsx';
import { SearchPage } from '../../../views/search.tsx';

export const dynamic = 'force-static';

export function GET() {
  return html(<SearchPage />);
}
