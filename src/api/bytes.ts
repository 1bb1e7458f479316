import type { Bytes } from '../../contract/route.js';

/** The chunks of a response body; ends the transfer when the reader stops early. */
export async function* readBody(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, void> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A whole byte answer as a blob of its content type. */
export async function toBlob(bytes: Bytes): Promise<Blob> {
  return new Blob(await collect(bytes.stream), { type: bytes.contentType });
}

/** A whole byte answer as text. */
export async function toText(bytes: Bytes): Promise<string> {
  return (await toBlob(bytes)).text();
}

/** The chunks of a stream, ready for a `Blob`. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  for await (const chunk of stream) parts.push(chunk as Uint8Array<ArrayBuffer>);
  return parts;
}
