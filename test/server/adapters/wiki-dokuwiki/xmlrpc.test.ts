import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmlRpcAnswer, xmlRpcCall } from '../../../../server/adapters/wiki-dokuwiki/xmlrpc.js';

/** An answer that gives back what a call carried. */
function echoed(call: string): string {
  const params = /<params>[^]*<\/params>/.exec(call)?.[0] ?? '';
  return `<?xml version="1.0"?>\n<methodResponse>\n${params}\n</methodResponse>\n`;
}

describe('XML-RPC', () => {
  it('gives back any text, number, list and struct as it was', () => {
    const text = fc.string({ unit: 'grapheme' }).map(each => each.replace(/[^\P{C}\n\t]/gu, ''));
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { maxKeys: 4, noNullPrototype: true })
      )
    }));
    fc.assert(
      fc.property(value, given => {
        expect(xmlRpcAnswer(echoed(xmlRpcCall('a.b', [given as string])))).toEqual({ value: given });
      })
    );
  });

  it('carries bytes', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
    expect(xmlRpcAnswer(echoed(xmlRpcCall('a.b', [bytes])))).toEqual({ value: Buffer.from(bytes) });
  });

  it('leaves out what XML cannot hold, and keeps line breaks', () => {
    const call = xmlRpcCall('a.b', ['a\u0000b\u000bc\ud800d\r\ne']);
    expect(call).toContain('abc\ufffdd&#13;\ne');
  });

  it('reads a text without a type, a fault, and what comes after the warnings of a server', () => {
    const value = '<params><param><value>plain &amp; simple</value></param></params>';
    expect(xmlRpcAnswer(`Warning: x in y.php\n<methodResponse>${value}</methodResponse>`)).toEqual({
      value: 'plain & simple'
    });
    const fault =
      '<fault><value><struct><member><name>faultCode</name><value><int>-32605</int></value></member>' +
      '<member><name>faultString</name><value><string>Off.</string></value></member></struct></value></fault>';
    expect(xmlRpcAnswer(`<methodResponse>${fault}</methodResponse>`)).toEqual({ code: -32605, reason: 'Off.' });
  });

  it('takes a page, half an answer and nothing for no answer', () => {
    const half = '<methodResponse><params><param><value><int>1</int>';
    for (const text of ['', '<!DOCTYPE html><html></html>', half, '<methodResponse></methodResponse>'])
      expect(xmlRpcAnswer(text)).toBeUndefined();
  });
});
