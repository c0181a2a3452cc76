/** Main-thread time per frame for drawing charts: leaves half a frame at 60 a second to everything else. */
const budgetMs = 8;

const waiting = new Set<() => void>();
let isScheduled = false;

/** Draws soon, once however often it is asked; what does not fit into this frame is drawn in the next one. */
export function drawSoon(draw: () => void): void {
	waiting.add(draw);
	if (isScheduled) return;
	isScheduled = true;
	requestAnimationFrame(drawWaiting);
}

export function drawNever(draw: () => void): void {
	waiting.delete(draw);
}

function drawWaiting(): void {
	const until = performance.now() + budgetMs;
	for (const draw of waiting) {
		waiting.delete(draw);
		draw();
		if (performance.now() > until) break;
	}
	isScheduled = waiting.size > 0;
	if (isScheduled) requestAnimationFrame(drawWaiting);
}
