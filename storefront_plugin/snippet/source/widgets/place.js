/** Has the visitor seen anything of this page yet? Before that nothing can move under their eyes. */
export const hasPainted = () => performance.getEntriesByType('paint').length > 0;

/** Would nothing in sight move if this element grew now? True below the fold, or where nothing in sight follows it. */
export function movesNothing(host) {
  const { top } = host.getBoundingClientRect();
  if (top >= innerHeight) return true;
  for (let node = host; node && node !== document.body; node = node.parentElement) {
    for (let next = node.nextElementSibling; next; next = next.nextElementSibling) {
      const box = next.getBoundingClientRect();
      if (box.width && box.height && box.top < innerHeight && box.bottom > 0) return false;
    }
  }
  return true;
}

/** Acts as soon as growing moves nothing, at the latest when the visitor clicks or types: then movement has a cause. */
export function whenNothingMoves(host, action) {
  if (movesNothing(host)) return action();
  console.info('regulars: no place is reserved (see regulars.css), so this waits for a click:', host);
  const inputs = ['pointerup', 'keydown'];
  const finish = () => {
    observer.disconnect();
    for (const name of inputs) removeEventListener(name, finish);
    action();
  };
  const observer = new IntersectionObserver(() => movesNothing(host) && finish());
  observer.observe(host);
  for (const name of inputs) addEventListener(name, finish);
}

/** Acts once, when at least `share` of the element is in sight, or nearly so with a margin. Returns a way to give up. */
export function whenSeen(element, action, share, margin = '0px') {
  const observer = new IntersectionObserver(
    (entries) => {
      // A box without height has no share: being at the place is enough.
      if (!entries.some((entry) => entry.isIntersecting && entry.intersectionRatio >= share)) return;
      observer.disconnect();
      action();
    },
    { threshold: share, rootMargin: margin },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
