/** What a reference to a notebook, or to a place of outputs, names outside the folders of a server. */
export type Reference =
  /** A notebook of the Library; the newest version where none is named, else one by its number or id. */
  | { kind: 'share'; notebookId: string; version?: string }
  /** An object of a bucket, or what lies below a key. */
  | { kind: 's3'; bucket: string; key: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const SHARE = /^share:\/\/([0-7][0-9A-HJKMNP-TV-Z]{25})(?:@([1-9]\d{0,5}|[0-7][0-9A-HJKMNP-TV-Z]{25}))?$/;
const S3 = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])\/([\s\S]+)$/;

const SHARE_FORM =
  'must be share:// and the id of a notebook of the Library, with @ and a version where it is not the newest one: share://01JD…@3';
const S3_FORM = 's3:// with a bucket and a key';

/** Whether a text begins like an address, so that it is no path. */
export function isElsewhere(text: string): boolean {
  return SCHEME.test(text);
}

/** What a text names elsewhere; undefined for a path, and for what is no reference. */
export function referenceOf(text: string): Reference | undefined {
  const [, notebookId, version] = SHARE.exec(text) ?? [];
  if (notebookId !== undefined) return { kind: 'share', notebookId, ...(version !== undefined && { version }) };
  const [, bucket, key] = S3.exec(text) ?? [];
  return bucket === undefined || key === undefined ? undefined : { kind: 's3', bucket, key };
}

/** Why a text names no notebook that could run, as a sentence about it; undefined where it may. */
export function faultOfNotebook(text: string): string | undefined {
  if (text.includes('\0')) return 'must not hold a NUL character';
  if (text.startsWith('share://')) return SHARE.test(text) ? undefined : SHARE_FORM;
  if (isElsewhere(text) && !text.startsWith('s3://')) {
    return `must be a path, share:// with the id of a notebook of the Library, or ${S3_FORM}`;
  }
  if (!text.endsWith('.ipynb')) return 'must end in .ipynb';
  if (text.split('/').includes('..')) return 'must not lead out of the folder with ..';
  return isElsewhere(text) ? faultOfKey(text) : undefined;
}

/** The same of a template for the place of outputs. */
export function faultOfOutput(text: string): string | undefined {
  if (text.split('/').includes('..')) return 'must not lead out of the folder with ..';
  if (!isElsewhere(text)) return undefined;
  if (!text.startsWith('s3://')) return `must be a folder, or ${S3_FORM}`;
  return faultOfKey(text.replace(/\/$/, ''));
}

function faultOfKey(text: string): string | undefined {
  const reference = referenceOf(text);
  if (reference?.kind !== 's3') return 'must have the name of a bucket and a key: s3://bucket/folder/name';
  const { key } = reference;
  // Servers on file systems take such parts for folders, and so would let a key lead elsewhere.
  if (key.split('/').some(part => part === '' || part === '.' || part === '..')) {
    return 'must not have an empty part, "." or ".." in its key';
  }
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  const isPlain = !/[\u0000-\u001f\u007f]/.test(key) && key.isWellFormed();
  return isPlain ? undefined : 'must not hold control characters';
}
