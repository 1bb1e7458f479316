import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WikiAttachment, WikiFeatures } from '../../wiki/ports.js';
import { rasterPicture } from '../build/picture.js';
import type { Picture } from '../sharedoc.js';
import type { Placed } from './parts.js';
import type { Rasterise } from './rasterise.js';

const ENDINGS: Record<Picture['type'], string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg'
};

/** The pictures of a page as files, each once, named by their content. */
export class PictureStore {
  readonly attachments: WikiAttachment[] = [];
  /** How many pictures the wiki does not take. */
  refused = 0;
  private readonly placed = new Map<string, Placed | undefined>();

  /** Draws what the wiki does not take as it is; set before the first such picture comes. */
  rasterise: Rasterise | undefined;

  /** @param directory - made when the first picture comes */
  constructor(
    private readonly directory: string,
    private readonly features: WikiFeatures
  ) {}

  place(picture: Picture): Placed | undefined {
    const key = `${picture.type} ${picture.width ?? ''} ${picture.base64}`;
    if (!this.placed.has(key)) this.placed.set(key, this.store(picture));
    const placed = this.placed.get(key);
    if (!placed) this.refused++;
    return placed;
  }

  private store(picture: Picture): Placed | undefined {
    const taken = this.takeable(picture);
    if (!taken || taken.bytes.length > this.features.maxAttachmentBytes) return undefined;
    const sha256 = createHash('sha256').update(taken.bytes).digest('hex');
    const name = `nb-${sha256.slice(0, 16)}.${ENDINGS[taken.type]}`;
    if (!this.attachments.some(each => each.name === name)) {
      if (this.attachments.length === 0) mkdirSync(this.directory, { recursive: true });
      const file = join(this.directory, name);
      writeFileSync(file, taken.bytes);
      this.attachments.push({ name, type: taken.type, sha256, size: taken.bytes.length, file });
    }
    return { name, width: taken.width };
  }

  /** The bytes as the wiki takes them, and the width where the notebook wants another one than theirs. */
  private takeable(
    picture: Picture
  ): { type: Picture['type']; bytes: Uint8Array; width: number | undefined } | undefined {
    const bytes = Buffer.from(picture.base64, 'base64');
    if (this.features.pictures.includes(picture.type)) {
      const own = picture.type === 'image/svg+xml' ? undefined : rasterPicture(picture.base64)?.width;
      const width = picture.width === own ? undefined : picture.width;
      return { type: picture.type, bytes, width };
    }
    const drawn = picture.type === 'image/svg+xml' ? this.rasterise?.(bytes) : undefined;
    return drawn && { type: 'image/png', bytes: drawn, width: picture.width };
  }
}
