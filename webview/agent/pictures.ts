import { imageTypes, longestImageBytes, mostImages } from "../../src/shared/panels/agentPanel";
import { formatSize } from "../common/number";

export interface Picture {
	readonly name: string;
	readonly mimeType: (typeof imageTypes)[number];
	readonly base64: string;
}

/** Reads what was pasted or dropped. What cannot go along is said in one sentence; the rest goes. */
export async function readPictures(
	files: readonly File[],
	already: number,
): Promise<{ readonly pictures: readonly Picture[]; readonly problem: string | null }> {
	const pictures: Picture[] = [];
	let problem: string | null = null;
	for (const file of files) {
		const mimeType = imageTypes.find((type) => type === file.type);
		if (!mimeType) problem = `${file.name} is no picture that Claude reads: PNG, JPEG, GIF or WebP.`;
		else if (file.size > longestImageBytes)
			problem = `${file.name} has ${formatSize(file.size)}; a picture may have ${formatSize(longestImageBytes)}.`;
		else if (already + pictures.length >= mostImages) problem = `A prompt has at most ${mostImages} pictures.`;
		else pictures.push({ name: file.name, mimeType, base64: await toBase64(file) });
	}
	return { pictures, problem };
}

function toBase64(file: File): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onerror = () => reject(reader.error);
		// `data:image/png;base64,…`
		reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
		reader.readAsDataURL(file);
	});
}
