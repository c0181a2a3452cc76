const firstMs = 2_000;
const mostMs = 30_000;

/**
 * How long to wait before the next try, in milliseconds: at random between the half and the whole of 2 s, 4 s, 8 s … 30 s,
 * so that those whom one relay lost do not come back together; what the relay itself asks for counts where it is longer.
 */
export function backOffMs(failures: number, askedMs: number | null, random: () => number = Math.random): number {
	const whole = Math.min(mostMs, firstMs * 2 ** (failures - 1));
	return Math.max(askedMs ?? 0, (whole / 2) * (1 + random()));
}
