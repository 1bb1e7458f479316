import { useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { CSSProperties, RefObject } from 'react';

/**
 * Keeps something that floats next to what opened it, inside the window, and closes it when the person looks elsewhere.
 *
 * @param content - placed anew when this is another one
 * @returns where to put it, as a style
 */
export function useFloating(
  anchor: RefObject<HTMLElement>,
  floating: RefObject<HTMLElement>,
  content: unknown,
  close: () => void
): CSSProperties {
  const [style, setStyle] = useState<CSSProperties>({ position: 'fixed', top: 0, left: 0 });

  const place = useCallback(() => {
    if (anchor.current === null || floating.current === null) return;
    const gap = 4;
    const at = anchor.current.getBoundingClientRect();
    const size = floating.current.getBoundingClientRect();
    const left = Math.max(gap, Math.min(at.left, window.innerWidth - size.width - gap));
    const below = at.bottom + gap;
    const above = at.top - gap - size.height;
    const top = below + size.height <= window.innerHeight || above < gap ? below : above;
    setStyle({ position: 'fixed', top, left, maxHeight: Math.max(120, window.innerHeight - top - gap) });
  }, [anchor, floating]);

  useLayoutEffect(() => {
    place();
  }, [content, place]);

  useEffect(() => {
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!anchor.current?.contains(target) && !floating.current?.contains(target)) close();
    };
    const scrolled = (event: Event) => {
      if (!floating.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('pointerdown', outside, true);
    window.addEventListener('blur', close);
    window.addEventListener('resize', close);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('blur', close);
      window.removeEventListener('resize', close);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, [close, anchor, floating]);

  return style;
}
