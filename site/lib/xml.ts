/** XML text from plain objects. React is not asked for it: it moves each title out of its place, as it does in pages. */
import { XMLBuilder } from 'fast-xml-parser';

/** An element: attributes by names that begin with `@`, elements by their names, several of one name as a list. */
export interface XmlElement {
  readonly [name: string]: string | XmlElement | readonly (string | XmlElement)[];
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
  format: true,
  indentBy: '',
});

/** Matches what no XML file may hold, by https://www.w3.org/TR/xml/#charsets, such as control characters. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Returns the text of an XML file with this root; characters that XML forbids are replaced. */
export function xmlText(root: Readonly<Record<string, XmlElement>>): string {
  const text: string = builder.build({ '?xml': { '@version': '1.0', '@encoding': 'utf-8' }, ...root });
  return text.replace(FORBIDDEN, '\u{FFFD}');
}
