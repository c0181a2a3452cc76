/** Of what the screen's pixels are, while something moves: each level has half the pixels of the one before. */
const levels = [1, 0.71, 0.5, 0.35] as const;
/** A picture of a smooth motion is drawn within this: sixty a second, and a little for what else the page does. */
const wantedMs = 1000 / 60;
/** Slower than this on the whole, it is drawn with fewer pixels. */
const slowMs = 24;
/** Pictures that are looked at together, or as many as come in this time: one alone may be late for any reason. */
const window = 8;
const windowMs = 500;
const leastPictures = 2;
/** How long a level that was too slow is not tried again; twice as long after each time. */
const firstWaitMs = 4_000;

/**
 * How sharp a moving picture can be: fewer pixels where the machine draws too few pictures a second, more again where it has time.
 * What stands still is drawn with all of them. Without a graphics card the time of a picture goes with its pixels.
 */
export class Sharpness {
	#level = 0;
	#sumMs = 0;
	#count = 0;
	#steadyMs = 0;
	#waitMs = firstWaitMs;

	/** Share of the screen's pixels along each side that a moving picture has. */
	get moving(): number {
		return levels[this.#level] ?? 1;
	}

	/** A picture of a motion took so long from the one before; `ownMs` of it went into anything but drawing. */
	note(frameMs: number, ownMs: number): void {
		this.#sumMs += frameMs;
		this.#count++;
		this.#steadyMs += frameMs;
		if (this.#count < leastPictures || (this.#count < window && this.#sumMs < windowMs)) return;
		const meanMs = this.#sumMs / this.#count;
		this.#sumMs = 0;
		this.#count = 0;
		if (meanMs > slowMs && ownMs < meanMs / 2) this.#coarser(meanMs - ownMs, wantedMs - Math.min(ownMs, wantedMs / 2));
		else if (meanMs <= slowMs && this.#steadyMs > this.#waitMs) this.#finer();
	}

	/** As much coarser as the time demands, all at once: a pixel costs what it costs. */
	#coarser(takenMs: number, roomMs: number): void {
		const wanted = this.moving * Math.sqrt(roomMs / takenMs);
		const found = levels.findIndex((level, at) => at > this.#level && level <= wanted * 1.2);
		this.#level = found < 0 ? levels.length - 1 : found;
		this.#waitMs *= 2;
		this.#steadyMs = 0;
	}

	#finer(): void {
		this.#level = Math.max(0, this.#level - 1);
		this.#steadyMs = 0;
	}
}
