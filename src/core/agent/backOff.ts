const firstMs = 1_000;
const mostMs = 32_000;

/**
 * How long to wait before the try after this many failures, in milliseconds: at random between the half and the whole of
 * 1 s, 2 s, 4 s … 32 s, or what the service asks for, where it asks.
 */
export function backOffMs(failures: number, askedMs: number | null, random: () => number): number {
	if (askedMs !== null) return askedMs;
	const whole = Math.min(mostMs, firstMs * 2 ** (failures - 1));
	return Math.round((whole / 2) * (1 + random()));
}
