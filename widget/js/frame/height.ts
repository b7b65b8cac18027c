/**
 * How high the frame must be for all that is seen in it.
 *
 * The vendors lay their puzzles over the page, beside its flow: the document's own height does not grow with them. What
 * counts is the lowest edge of the frames that are visible.
 */

/** Calls `tell` with the height in pixels now, and whenever it becomes another one. */
export function watchHeight(place: HTMLElement, tell: (height: number) => void): void {
  let last = -1;
  const measure = (): void => {
    const bottoms = [place, ...document.querySelectorAll('iframe')].filter(isVisible).map((element) => element.getBoundingClientRect().bottom);
    const height = Math.ceil(Math.max(0, ...bottoms) + scrollY);
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
  measure();
}

function isVisible(element: Element): boolean {
  const { width, height, bottom } = element.getBoundingClientRect();
  const { visibility, opacity } = getComputedStyle(element);
  return width > 0 && height > 0 && bottom > 0 && visibility === 'visible' && opacity !== '0';
}
