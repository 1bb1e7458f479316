/**
 * Runs in a live figure before its own scripts. Policies close every way out but one: WebRTC has no switch, so it is
 * taken away here, and with it the frames in which a script would find a fresh copy. The originals it needs are held
 * in constants, because the figure may replace what hangs on the prototypes.
 */
export const guard = `(() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel'])
    if (name in window) Object.defineProperty(window, name, { value: undefined });
  const { apply, defineProperty } = Reflect;
  const { attachShadow, remove } = Element.prototype;
  const { querySelectorAll: inDocument } = Document.prototype;
  const { querySelectorAll: inFragment } = DocumentFragment.prototype;
  const { item } = NodeList.prototype;
  const { replace } = String.prototype;
  const { write, writeln } = Document.prototype;
  const { observe } = MutationObserver.prototype;
  const Observer = MutationObserver;
  const text = String;
  const frames = 'iframe, frame, object, embed, fencedframe, portal';
  const watch = (root, query) => {
    const sweep = () => {
      const found = apply(query, root, [frames]);
      for (let at = 0, frame; (frame = apply(item, found, [at])) !== null; at++) apply(remove, frame, []);
    };
    apply(observe, new Observer(sweep), [root, { childList: true, subtree: true }]);
  };
  const set = (target, name, value) => defineProperty(target, name, { value });
  set(Element.prototype, 'attachShadow', function (init) {
    const root = apply(attachShadow, this, [{ mode: init.mode, delegatesFocus: !!init.delegatesFocus, slotAssignment: init.slotAssignment || 'named' }]);
    watch(root, inFragment);
    return root;
  });
  for (const kind of [Element, ShadowRoot]) set(kind.prototype, 'setHTMLUnsafe', undefined);
  set(Document, 'parseHTMLUnsafe', undefined);
  const plain = parts => {
    let all = '';
    for (let at = 0; at < parts.length; at++) all += text(parts[at]);
    return apply(replace, all, [/shadowroot/gi, '']);
  };
  set(Document.prototype, 'write', function () { apply(write, this, [plain(arguments)]); });
  set(Document.prototype, 'writeln', function () { apply(writeln, this, [plain(arguments)]); });
  watch(document, inDocument);
})();`
  .replace(/\n\s*/g, ' ')
  .trim();
