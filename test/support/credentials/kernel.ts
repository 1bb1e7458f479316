import { randomUUID } from 'node:crypto';
import type { Jupyter } from '../../browser/jupyter.js';

interface Message {
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: { execution_state?: string; text?: string; traceback?: string[] };
}

/** A kernel of a Jupyter server. */
export interface Kernel {
  id: string;
  /** Runs a cell. @returns what it printed, its traceback too, and every message as it came */
  run(code: string): Promise<{ printed: string; raw: string[] }>;
  close(): void;
}

/** Starts one, as a notebook does. */
export async function startKernel(jupyter: Jupyter): Promise<Kernel> {
  const made = await jupyter.fetch('api/kernels', { method: 'POST', body: JSON.stringify({ name: 'python3' }) });
  const { id } = (await made.json()) as { id: string };
  const session = randomUUID();
  const url = new URL(`api/kernels/${id}/channels?session_id=${session}&token=${jupyter.token}`, jupyter.url);
  url.protocol = 'ws:';
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error('The kernel cannot be reached.')), { once: true });
  });

  return {
    id,
    run: code =>
      new Promise(resolve => {
        const asked = randomUUID();
        const raw: string[] = [];
        let printed = '';
        const listen = ({ data }: MessageEvent): void => {
          raw.push(String(data));
          const { header, parent_header: parent, content } = JSON.parse(String(data)) as Message;
          if (parent.msg_id !== asked) return;
          if (header.msg_type === 'stream') printed += content.text ?? '';
          if (header.msg_type === 'error') printed += content.traceback?.join('\n') ?? '';
          if (header.msg_type !== 'status' || content.execution_state !== 'idle') return;
          socket.removeEventListener('message', listen);
          resolve({ printed, raw });
        };
        socket.addEventListener('message', listen);
        const header = { msg_id: asked, msg_type: 'execute_request', session, username: 'ada', version: '5.3' };
        const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
        const message = { header, parent_header: {}, metadata: {}, content, buffers: [], channel: 'shell' };
        socket.send(JSON.stringify(message));
      }),
    close: () => socket.close()
  };
}
