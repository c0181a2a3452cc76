const units = [
	["d", 86_400_000],
	["h", 3_600_000],
	["min", 60_000],
	["s", 1_000],
] as const;

/** A length of time in its largest whole unit, e.g. `6 min`; below a second `0 s`, never negative. */
export function formatDuration(durationMs: number): string {
	for (const [unit, unitMs] of units) {
		if (durationMs >= unitMs) return `${Math.floor(durationMs / unitMs)} ${unit}`;
	}
	return "0 s";
}

/** `6 min ago`; `just now` below ten seconds and for a clock that is ahead. */
export function formatAge(thenMs: number, nowMs: number): string {
	const ageMs = nowMs - thenMs;
	return ageMs < 10_000 ? "just now" : `${formatDuration(ageMs)} ago`;
}
