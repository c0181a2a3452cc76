import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ViewerPage } from "./viewerPage";

const folder = resolve(import.meta.dirname, "../../fixtures/pictures");
/** What is compared: the picture as so many means of its pixels, three bytes each. Edges and noise of a renderer are less than that. */
const [columns, rows] = [40, 30] as const;

/** How far a picture is from the one that is kept under this name: the mean over all fields, and the share of fields that clearly differ. */
export interface Difference {
	readonly mean: number;
	readonly clearShare: number;
}

/**
 * Compares what the viewer shows with the picture that is kept. With `GAMMA_KEEP_PICTURES=1` it is kept anew: look at it before
 * it is committed.
 */
export async function differenceFromKept(viewer: ViewerPage, name: string): Promise<Difference> {
	const file = join(folder, `${name}.png`);
	const { small, fields } = await reduced(viewer, null);
	if (process.env.GAMMA_KEEP_PICTURES === "1") writeFileSync(file, Buffer.from(small, "base64"));
	if (!existsSync(file)) throw new Error(`there is no picture ${name} to compare with`);
	const kept = (await reduced(viewer, readFileSync(file).toString("base64"))).fields;
	const away = fields.map((value, at) => Math.abs(value - (kept[at] ?? 0)));
	return {
		mean: away.reduce((sum, each) => sum + each, 0) / away.length,
		clearShare: away.filter((each) => each > 24).length / away.length,
	};
}

/** The viewer's picture, or this PNG, as a small PNG and its fields. */
function reduced(viewer: ViewerPage, png: string | null) {
	return viewer.page.evaluate(
		async ({ png, columns, rows }) => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: { picture(): string } };
			const image = new Image();
			image.src = `data:image/png;base64,${png ?? viewing.picture()}`;
			await image.decode();
			const draw = (width: number, height: number) => {
				const canvas = document.createElement("canvas");
				[canvas.width, canvas.height] = [width, height];
				const pen = canvas.getContext("2d", { willReadFrequently: true });
				if (pen) pen.imageSmoothingQuality = "high";
				pen?.drawImage(image, 0, 0, width, height);
				return { canvas, pixels: pen?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray() };
			};
			// Means of squares of eight by eight pixels.
			const whole = draw(columns * 8, rows * 8);
			const fields = Array.from({ length: columns * rows * 3 }, (_, at) => {
				const [colour, field] = [at % 3, Math.floor(at / 3)];
				const [left, top] = [(field % columns) * 8, Math.floor(field / columns) * 8];
				let sum = 0;
				for (let pixel = 0; pixel < 64; pixel++) {
					const place = (top + (pixel >> 3)) * columns * 8 + left + (pixel & 7);
					sum += whole.pixels[place * 4 + colour] ?? 0;
				}
				return sum / 64;
			});
			const url = whole.canvas.toDataURL("image/png");
			return { small: url.slice(url.indexOf(",") + 1), fields };
		},
		{ png, columns, rows },
	);
}
