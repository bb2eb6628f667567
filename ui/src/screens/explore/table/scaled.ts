/**
 * Scrolling through more rows than a browser's tallest element can hold.
 *
 * The track is at most `TALLEST` pixels high. Small moves of the scroll bar are taken pixel by
 * pixel, so that a turn of the wheel moves by a few rows; a jump is taken in proportion. The
 * content stands at `top + offset`; when the scrolling rests, `rested` moves the scroll bar to where
 * the content is in proportion, without moving the content.
 */

export const TALLEST = 8_000_000;

export interface Track {
  total: number;
  rowHeight: number;
  view: number;
}

export interface Scroll {
  top: number;
  offset: number;
}

export function contentHeight({ total, rowHeight }: Track): number {
  return total * rowHeight;
}

export function trackHeight(track: Track): number {
  return Math.min(contentHeight(track), TALLEST);
}

/** Where the content stands after the scroll bar went to `top`. */
export function scrolled(track: Track, before: Scroll, top: number): Scroll {
  if (!isScaled(track)) return { top, offset: 0 };
  const isJump = Math.abs(top - before.top) > 2 * track.view || isEnd(track, top);
  if (isJump) return at(top, fromTrack(track, top));
  return at(top, clamp(track, top + before.offset));
}

/** The scroll position that shows the content from `place` on. */
export function scrolledTo(track: Track, place: number): Scroll {
  const content = clamp(track, place);
  if (!isScaled(track)) return { top: content, offset: 0 };
  return at(toTrack(track, content), content);
}

/** The same content with the scroll bar where it belongs. */
export function rested(track: Track, scroll: Scroll): Scroll {
  return scrolledTo(track, scroll.top + scroll.offset);
}

/** First and last of the rows to be drawn, and the first and last that are in view. */
export function rowsInView(track: Track, scroll: Scroll, overscan: number) {
  const content = scroll.top + scroll.offset;
  const from = Math.floor(content / track.rowHeight);
  const to = Math.ceil((content + track.view) / track.rowHeight) - 1;
  const end = track.total - 1;
  return {
    first: Math.max(0, Math.min(from, end) - overscan),
    last: Math.min(end, to + overscan),
    from: Math.max(0, Math.min(from, end)),
    to: Math.min(end, to),
  };
}

function isScaled(track: Track): boolean {
  return contentHeight(track) > TALLEST;
}

function isEnd(track: Track, top: number): boolean {
  return top <= 0 || top >= trackHeight(track) - track.view - 1;
}

function fromTrack(track: Track, top: number): number {
  const share = top / Math.max(1, trackHeight(track) - track.view);
  return clamp(track, share * (contentHeight(track) - track.view));
}

/** Whole pixels, since a browser rounds the scroll position. */
function toTrack(track: Track, content: number): number {
  const share = content / Math.max(1, contentHeight(track) - track.view);
  return Math.round(share * (trackHeight(track) - track.view));
}

function at(top: number, content: number): Scroll {
  return { top, offset: Math.round(content) - top };
}

function clamp(track: Track, content: number): number {
  return Math.max(0, Math.min(content, contentHeight(track) - track.view));
}
