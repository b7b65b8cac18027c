/**
 * How high the frame must be for all that is seen in it.
 *
 * The vendors lay their puzzles over the page, beside its flow: the document's own height does not grow with them. What
 * counts is the lowest edge of the frames that are visible.
 */

/** Puzzles are laid out in the room that there is when they open: so much is given when the person turns to a captcha. */
export const ROOM_FOR_PUZZLE = 600;
/** Sooner than any vendor has fetched a puzzle, in milliseconds. */
const PERIOD = 100;

/**
 * Calls `tell` with the height in pixels now, and whenever it becomes another one; `room` is the least of it once the person
 * has turned to what is shown.
 */
export function watchHeight(place: HTMLElement, room: number, tell: (height: number) => void): void {
  let last = -1;
  let least = 0;
  const measure = (): void => {
    const visible = [place, ...document.querySelectorAll('iframe')].filter(isVisible);
    const height = Math.ceil(Math.max(least, ...visible.map((element) => element.getBoundingClientRect().bottom + scrollY)));
    if (height !== last) tell(height);
    last = height;
  };
  const sizes = new ResizeObserver(measure);
  sizes.observe(document.body);
  // The vendors show and hide by inline styles, and put new frames at the end of the body.
  const changes = new MutationObserver(() => {
    for (const frame of document.querySelectorAll('iframe')) sizes.observe(frame);
    measure();
  });
  changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['style', 'class', 'hidden'] });
  // Looked for, since nothing tells: a press inside a vendor's frame is not heard here, and focus that comes from the page
  // and goes on to a frame within passes this window by.
  const looking = setInterval(() => {
    if (document.activeElement?.tagName !== 'IFRAME') return;
    clearInterval(looking);
    least = room;
    measure();
  }, PERIOD);
  measure();
}

function isVisible(element: Element): boolean {
  const { width, height, bottom } = element.getBoundingClientRect();
  const { visibility, opacity } = getComputedStyle(element);
  return width > 0 && height > 0 && bottom > 0 && visibility === 'visible' && opacity !== '0';
}
