import { crc32, deflateSync } from "node:zlib";

export interface Pixels {
	readonly width: number;
	readonly height: number;
	/** Four bytes each: red, green, blue and, ignored here, alpha. */
	readonly rgba: Uint8Array;
}

const mostColours = 256;

/** A PNG of at most 256 colours (https://www.w3.org/TR/png-3/): a third of what a screenshot of charts takes otherwise. */
export function toIndexedPng({ width, height, rgba }: Pixels): Buffer {
	const palette = paletteOf(rgba);
	const indexes = new Map<number, number>();
	const rows = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const colour = colourAt(rgba, (y * width + x) * 4);
			let index = indexes.get(colour);
			if (index === undefined) {
				index = nearest(palette, colour);
				indexes.set(colour, index);
			}
			// The byte before each row names its filter: none, which suits indexes best.
			rows[y * (width + 1) + 1 + x] = index;
		}
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// Eight bits per pixel, indexed.
	header.set([8, 3, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk("IHDR", header),
		chunk("PLTE", Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
		chunk("IDAT", deflateSync(rows, { level: 9 })),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

/** Median cut: the box with the widest range is halved until there are enough; each gives its mean. */
function paletteOf(rgba: Uint8Array): number[] {
	const counts = new Map<number, number>();
	for (let at = 0; at < rgba.length; at += 4) {
		const colour = colourAt(rgba, at);
		counts.set(colour, (counts.get(colour) ?? 0) + 1);
	}
	// A screenshot's few frequent colours are kept as they are, so that its grounds stay what they were.
	const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
	const kept = frequent.slice(0, mostColours / 4);
	const boxes = [frequent.slice(mostColours / 4)];
	while (boxes.length < mostColours - kept.length) {
		const widest = boxes.reduce((best, box) => (rangeOf(box).width > rangeOf(best).width ? box : best));
		const { width, shift } = rangeOf(widest);
		if (width === 0) break;
		widest.sort((a, b) => ((a >> shift) & 255) - ((b >> shift) & 255));
		boxes.push(widest.splice(widest.length >> 1));
	}
	return [...kept, ...boxes.filter((box) => box.length > 0).map(meanOf)];
}

function rangeOf(colours: readonly number[]): { width: number; shift: number } {
	let best = { width: 0, shift: 0 };
	if (colours.length < 2) return best;
	for (const shift of [16, 8, 0]) {
		let low = 255;
		let high = 0;
		for (const colour of colours) {
			low = Math.min(low, (colour >> shift) & 255);
			high = Math.max(high, (colour >> shift) & 255);
		}
		if (high - low > best.width) best = { width: high - low, shift };
	}
	return best;
}

function meanOf(colours: readonly number[]): number {
	const mean = (shift: number) =>
		Math.round(colours.reduce((sum, colour) => sum + ((colour >> shift) & 255), 0) / colours.length);
	return (mean(16) << 16) | (mean(8) << 8) | mean(0);
}

function nearest(palette: readonly number[], colour: number): number {
	let best = 0;
	let least = Number.POSITIVE_INFINITY;
	for (const [index, other] of palette.entries()) {
		const distance = [16, 8, 0].reduce((sum, at) => sum + (((colour >> at) & 255) - ((other >> at) & 255)) ** 2, 0);
		if (distance < least) {
			least = distance;
			best = index;
		}
	}
	return best;
}

function colourAt(rgba: Uint8Array, at: number): number {
	return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

function chunk(kind: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(kind, "latin1"), content]);
	const around = Buffer.alloc(8);
	around.writeUInt32BE(content.length, 0);
	around.writeUInt32BE(crc32(named), 4);
	return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
