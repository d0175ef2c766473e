import { describe, expect, it } from 'vitest';
import { escapeControls, printable } from './printable.ts';

const HOSTILE = 'a\u001b]0;pwned\u0007b\u009b31m\u202ec\r';

describe('printable', () => {
  it('lets no escape sequence, C1 control or turned direction through', () => {
    expect(printable(HOSTILE)).toBe('a\ufffd]0;pwned\ufffdb\ufffd31m\ufffdc\ufffd');
    expect(printable('two\nlines')).toBe('two\nlines');
  });

  it.each(['::set-output name=a::b', '  ::add-mask::x', 'fine\n::stop-commands::t', 'x ##[set-env name=A]b'])(
    'lets no workflow command through: %j',
    (text) => {
      expect(printable(text)).not.toMatch(/^\s*::|##\[/m);
      expect(JSON.parse(escapeControls(JSON.stringify({ text })))).toEqual({ text });
      expect(escapeControls(JSON.stringify({ text }))).not.toContain('##[');
    },
  );

  it('keeps JSON what it says', () => {
    const json = JSON.stringify({ name: HOSTILE });
    expect(escapeControls(json)).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(escapeControls(json))).toEqual({ name: HOSTILE });
  });
});
