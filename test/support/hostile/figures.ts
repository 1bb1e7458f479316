import type { Trap } from '../hostile.js';

/**
 * Ways in which the script of a live figure may try to reach the network, as JavaScript. `b` is an address outside,
 * `call` a script that makes a WebRTC call, `page` a page with that script, `quoted` the same for an attribute,
 * `add(tag, values)` puts an element into the document.
 */
export const waysOut: Record<string, string> = {
  fetch: 'fetch(b)',
  request: 'const r = new XMLHttpRequest(); r.open("GET", b, false); r.send()',
  beacon: 'navigator.sendBeacon(b)',
  image: 'new Image().src = b',
  socket: 'new WebSocket(b.replace("http", "ws"))',
  events: 'new EventSource(b)',
  module: 'import(b)',
  worker: 'new Worker(URL.createObjectURL(new Blob([`fetch("${b}")`])))',
  window: 'open(b)',
  script: 'add("script", { src: b })',
  style: 'add("link", { rel: "stylesheet", href: b })',
  prefetch: 'add("link", { rel: "prefetch", href: b }); add("link", { rel: "preconnect", href: b })',
  speculation:
    'add("script", { type: "speculationrules", textContent: JSON.stringify({ prefetch: [{ source: "list", urls: [b] }] }) })',
  media: 'add("video", { src: b, autoplay: true }); add("object", { data: b }); add("embed", { src: b })',
  font: 'new FontFace("x", `url(${b})`).load()',
  ping: 'add("a", { href: "#", ping: b }).click()',
  form: 'add("form", { action: b }).submit()',
  link: 'add("a", { href: b, target: "_top" }).click()',
  leave: 'location = b',
  top: 'top.location = b',
  refresh:
    'document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "refresh", content: "0;url=" + b }))',
  frame: 'add("iframe", { src: b })',
  call: 'new Function(call)()',
  'call-blank': 'new (add("iframe", {}).contentWindow.Function)(call)()',
  'call-srcdoc': 'add("iframe", { srcdoc: page })',
  'call-javascript': 'add("iframe", { src: "javascript:" + call })',
  'call-data': 'add("iframe", { src: "data:text/html," + page })',
  'call-leave': 'location = URL.createObjectURL(new Blob([page], { type: "text/html" }))',
  'call-leave-script': 'location = "javascript:" + call + ";void 0"',
  'call-patched':
    'Element.prototype.remove = () => 0; NodeList.prototype.item = () => null; Reflect.apply = () => 0; add("iframe", { srcdoc: page })',
  'call-busy':
    'document.body.innerHTML += `<iframe srcdoc="${quoted}"></iframe>`; for (const end = Date.now() + 500; Date.now() < end; );',
  'call-closed':
    'add("p", {}).attachShadow({ mode: "closed" }).append(Object.assign(document.createElement("iframe"), { srcdoc: page }))',
  'call-clone':
    'const h = document.createElement("div"); h.attachShadow({ mode: "open", clonable: true }).append(Object.assign(document.createElement("iframe"), { srcdoc: page })); document.body.append(h.cloneNode(true))',
  'call-unsafe':
    'add("div", {}).setHTMLUnsafe(`<div><template shadowrootmode=closed><iframe srcdoc="${quoted}"></iframe></template></div>`)',
  'call-write':
    'document.write(`<div><template shadowrootmode=closed><iframe srcdoc="${quoted}"></iframe></template></div>`)',
  'call-written': 'document.open(); document.write(`<p><iframe srcdoc="${quoted}"></iframe>`)'
};

/** A figure with one such attempt. It says that it ran before it tries. */
export function wayOut({ script, beacon }: Trap, attempt: string): string {
  const call = `const p=new RTCPeerConnection({iceServers:[{urls:'stun:127.0.0.1:${new URL(beacon).port}'}]});p.createDataChannel('x');p.createOffer().then(o=>p.setLocalDescription(o))`;
  return `<p>A figure that calls home</p><script>
const b = ${JSON.stringify(beacon)}, call = ${JSON.stringify(call)};
const page = '<script>' + call + '</' + 'script>', quoted = page.replace(/"/g, '&quot;');
function add(tag, values) { const e = Object.assign(document.createElement(tag), values); document.documentElement.append(e); return e; }
${script};
setTimeout(() => { ${attempt} }, 50);
</script>`;
}
