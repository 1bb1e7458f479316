/** Text in Confluence's storage format: XML, which holds no control characters and no half characters. */

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** What XML can hold. */
export function storable(text: string): string {
  return text.replace(NO_XML, '').toWellFormed();
}

/** A text between tags or in an attribute. */
export function escapeXml(text: string): string {
  return storable(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A text as CDATA, in pieces where it holds the end of one or an id that must not be found in it. */
export function cdata(text: string, marker: string): string {
  const pieces = storable(text)
    .replaceAll(']]>', ']]]]><![CDATA[>')
    .replaceAll(marker, `${marker.slice(0, 4)}]]><![CDATA[${marker.slice(4)}`);
  return `<![CDATA[${pieces}]]>`;
}
