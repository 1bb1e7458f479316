import { NumberText, own, type Json, type JsonObject } from '../../notebook/json.js';
import type { Picture } from '../sharedoc.js';

/**
 * The picture in a base64 text, or undefined where its bytes are none. The bytes decide about the type, and the base64
 * is written anew, so nothing but a picture gets through.
 */
export function rasterPicture(base64: string, metadata: JsonObject = {}): Picture | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const type = typeOf(bytes);
  if (type === undefined) return undefined;
  const natural = sizeOf(bytes, type);
  const width = pixels(own(metadata, 'width'));
  const height = pixels(own(metadata, 'height'));
  return {
    type,
    base64: bytes.toString('base64'),
    ...(width !== undefined || height !== undefined
      ? { ...(width !== undefined && { width }), ...(height !== undefined && { height }) }
      : natural),
    paper: type !== 'image/jpeg' && mayBeTransparent(bytes, type)
  };
}

/** An SVG as a picture: shown through `<img>`, in which no script runs and nothing is loaded. */
export function svgPicture(svg: string): Picture | undefined {
  const start = svg.search(/<svg[\s>]/i);
  if (start < 0) return undefined;
  const end = svg.lastIndexOf('</svg>');
  const body = svg.slice(start, end < 0 ? undefined : end + 6).toWellFormed();
  const tag = body.slice(0, body.indexOf('>') + 1);
  const named = /\sxmlns\s*=/.test(tag) ? body : body.replace(/^<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  return {
    type: 'image/svg+xml',
    base64: Buffer.from(named).toString('base64'),
    ...svgSize(tag),
    paper: true
  };
}

/** What a `data:` address holds, if it is one of the pictures that are let through. */
export function dataPicture(address: string): Picture | undefined {
  const match = /^data:image\/(?:png|jpe?g|gif|webp);base64,/i.exec(address);
  return match ? rasterPicture(address.slice(match[0].length)) : undefined;
}

export function dataAddress(picture: Picture): string {
  return `data:${picture.type};base64,${picture.base64}`;
}

function typeOf(bytes: Buffer): Picture['type'] | undefined {
  if (bytes.length < 12) return undefined;
  if (bytes.readUInt32BE(0) === 0x89504e47) return 'image/png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : undefined;
}

function sizeOf(bytes: Buffer, type: Picture['type']): { width?: number; height?: number } {
  if (type === 'image/png' && bytes.length >= 24) return fair(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  if (type === 'image/gif') return fair(bytes.readUInt16LE(6), bytes.readUInt16LE(8));
  return type === 'image/jpeg' ? jpegSize(bytes) : {};
}

function jpegSize(bytes: Buffer): { width?: number; height?: number } {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return {};
    const marker = bytes[at + 1] as number;
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return fair(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return {};
}

/** PNG kinds 4 and 6 have an alpha channel, kind 3 and the formats below may have one. */
function mayBeTransparent(bytes: Buffer, type: Picture['type']): boolean {
  if (type !== 'image/png') return true;
  const kind = bytes[25];
  return kind === 4 || kind === 6 || (kind === 3 && bytes.includes('tRNS', 26, 'latin1'));
}

function svgSize(tag: string): { width?: number; height?: number } {
  const length = (name: string): number | undefined => {
    const match = new RegExp(`\\s${name}\\s*=\\s*["']\\s*([\\d.]+)\\s*(px|pt)?\\s*["']`).exec(tag);
    return match ? pixels(Number(match[1]) * (match[2] === 'pt' ? 4 / 3 : 1)) : undefined;
  };
  return fair(length('width'), length('height'));
}

function fair(width?: number, height?: number): { width?: number; height?: number } {
  return width !== undefined && height !== undefined && width > 0 && height > 0 && width < 65_536 && height < 65_536
    ? { width: Math.round(width), height: Math.round(height) }
    : {};
}

function pixels(value: Json | undefined): number | undefined {
  const number = value instanceof NumberText ? Number(value.text) : value;
  return typeof number === 'number' && number >= 1 && number < 65_536 ? Math.round(number) : undefined;
}
