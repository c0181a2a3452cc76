import type { ArtifactEntry, MediaSeries } from "../../shared/run";

/** One image logged with a key and a step, and where it lies. */
export interface LoggedImage {
	readonly tag: string;
	readonly step: number;
	readonly timestampMs: number;
	readonly path: string;
	readonly mimeType: string;
}

/**
 * `images/<key>+step+<n>+timestamp+<ms>+<uuid>.png` as MLflow's `log_image(key=, step=)` names them since 3.11; before it
 * `%` for `+`, and `#` for the `~` that stands for a slash in the key. Beside each lies a small `+compressed.webp`.
 */
const pattern =
	/^images\/(.+)([+%])step\2(-?\d{1,15})\2timestamp\2(\d{1,15})\2[^+%]+?(\2compressed)?\.(png|webp|jpe?g|gif)$/;

/** The logged images among the artifacts in `images`, by tag, then in step order; of each the larger file. */
export function findLoggedImages(entries: readonly ArtifactEntry[]): ReadonlyMap<string, readonly LoggedImage[]> {
	const byTag = new Map<string, Map<string, LoggedImage>>();
	for (const { path, isDir } of entries) {
		const match = isDir ? null : pattern.exec(path);
		if (match === null) continue;
		const [, key = "", , step = "", timestamp = "", compressed, extension = ""] = match;
		const tag = key.replace(/[~#]/g, "/");
		const images = byTag.get(tag) ?? new Map<string, LoggedImage>();
		byTag.set(tag, images);
		const base = path.slice(0, path.length - extension.length - 1 - (compressed?.length ?? 0));
		if (compressed !== undefined && images.has(base)) continue;
		const mimeType = `image/${extension === "jpg" ? "jpeg" : extension}`;
		images.set(base, { tag, step: Number(step), timestampMs: Number(timestamp), path, mimeType });
	}
	return new Map(
		[...byTag].map(([tag, images]) => [
			tag,
			[...images.values()].sort((a, b) => a.step - b.step || a.timestampMs - b.timestampMs),
		]),
	);
}

export function toMediaSeries(images: ReadonlyMap<string, readonly LoggedImage[]>): MediaSeries[] {
	return [...images].map(([tag, samples]) => ({
		tag,
		kind: "image",
		samples: samples.map(({ step, timestampMs }) => ({ step, timestampMs })),
	}));
}
