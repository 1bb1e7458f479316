/** Says what a file really is when it is no notebook, so that the person knows what to do. */
export function sniff(bytes: Buffer): { what: string; cure: string } | undefined {
  if (bytes.length === 0)
    return { what: 'the file is empty', cure: 'Save the notebook again or take an earlier copy.' };
  if (!bytes.subarray(0, 4096).some(byte => byte !== 0))
    return { what: 'the file holds only zero bytes', cure: 'Its content was lost on the disk: take an earlier copy.' };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return { what: 'it is compressed (gzip)', cure: 'Unpack it first.' };
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') return { what: 'it is a zip file', cure: 'Unpack it first.' };
  if (bytes.subarray(0, 4).toString('latin1') === '%PDF')
    return { what: 'it is a PDF', cure: 'Choose the notebook that it was made from.' };
  const head = bytes.subarray(0, 512).toString('utf8').trimStart();
  if (/^<(!doctype|html|\?xml)/i.test(head))
    return {
      what: 'it is a web page, perhaps a sign-in page that was saved under this name',
      cure: 'Download the notebook again.'
    };
  if (head.startsWith('version https://git-lfs'))
    return { what: 'it is a Git LFS pointer, not the file itself', cure: 'Run `git lfs pull` in its folder.' };
  if (/^(#|import |from |"""|---\n)/.test(head))
    return {
      what: 'it is a script or a text',
      cure: 'Turn it into a notebook first, for instance with jupytext, or choose the notebook.'
    };
  return undefined;
}

/** The line of an unresolved git conflict around a place in the file, if there is one. */
export function conflictLine(bytes: Buffer): number | undefined {
  const at = bytes.indexOf('\n<<<<<<< ');
  return at < 0 ? undefined : lineAt(bytes, at + 1);
}

/** The number of the line at an offset, from 1. */
export function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
