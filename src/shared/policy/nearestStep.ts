/** Of two as near the earlier; null of none. */
export function nearestStep(steps: readonly number[], step: number): number | null {
	let nearest: number | null = null;
	for (const each of steps) {
		if (nearest === null || Math.abs(each - step) < Math.abs(nearest - step)) nearest = each;
	}
	return nearest;
}
