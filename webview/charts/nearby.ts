const listeners = new WeakMap<Element, (isNear: boolean) => void>();

/** Charts begin to draw one small screen before they are seen, so that scrolling finds them ready. */
const margin = "400px 0px";

let observer: IntersectionObserver | undefined;

/** Tells an element whether it is in or near the viewport. One observer for all charts. */
export function watchNearby(element: Element, listener: (isNear: boolean) => void): () => void {
	observer ??= new IntersectionObserver(
		(entries) => {
			for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting);
		},
		{ rootMargin: margin },
	);
	const shared = observer;
	listeners.set(element, listener);
	shared.observe(element);
	return () => {
		shared.unobserve(element);
		listeners.delete(element);
	};
}
