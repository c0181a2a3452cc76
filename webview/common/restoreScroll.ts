/** Brings a page back to where it was scrolled to. Parts come in one after the other: until the page is long enough the place is tried again. */
export function restoreScroll(top: number, untilMs = performance.now() + 3000): void {
	if (top === 0) return;
	const moved =
		Math.abs(window.scrollY - top) > 1 &&
		window.scrollY + window.innerHeight < document.documentElement.scrollHeight - 1;
	if (!moved || window.scrollY === 0) window.scrollTo({ top });
	if (Math.abs(window.scrollY - top) > 1 && performance.now() < untilMs) {
		requestAnimationFrame(() => restoreScroll(top, untilMs));
	}
}
