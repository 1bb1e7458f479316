/** Longest stem of a file name. Characters; at most four bytes each stay below what file systems take. */
const MAX_STEM = 60;

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unsafe = /[\u0000-\u001f\u007f/\\:*?"<>|]+/g;

/** A title as a file name that any system takes. */
export function fileNameOf(title: string, extension: string): string {
  const stem = title
    .replace(unsafe, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[.\s]+/u, '');
  const short = Array.from(stem)
    .slice(0, MAX_STEM)
    .join('')
    .replace(/[.\s]+$/u, '');
  return `${short === '' ? 'notebook' : short}${extension}`;
}
