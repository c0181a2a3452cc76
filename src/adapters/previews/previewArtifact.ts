import { decodeText, languageOf } from "../../core/previews/decodeText";
import { hexLines } from "../../core/previews/hexLines";
import { imageMimeType } from "../../core/previews/imageMimeType";
import { indentJson } from "../../core/previews/indentJson";
import { isNpy } from "../../core/previews/npyHeader";
import { parseCsv } from "../../core/previews/parseCsv";
import type { Preview } from "../../shared/preview";
import { previewNpy, previewNpz } from "./arrayPreview";
import { previewParquet } from "./parquetPreview";
import { RangeReader, type ReadRange } from "./rangeReader";

/** Tells what an artifact is, and is the whole of most texts. */
const headBytes = 64 * 2 ** 10;
/** About 10,000 lines: more than a person reads in a panel. */
const maxTextBytes = 512 * 2 ** 10;
const maxTableBytes = 2 ** 20;
const maxImageBytes = 24 * 2 ** 20;
const hexBytes = 512;

const jsonExtensions = new Set(["json", "ipynb", "geojson"]);
const markdownExtensions = new Set(["md", "markdown"]);
const tableDelimiters = new Map([
	["csv", null],
	["tsv", "\t"],
	["tab", "\t"],
]);

/**
 * What an artifact looks like, from as few of its bytes as that takes; `path` tells by its ending what it should be.
 * Rejects with `artifact.unreadable` where it is damaged, and with whatever `read` rejects with.
 */
export async function previewArtifact(
	read: ReadRange,
	path: string,
	sizeBytes: number | null,
	signal?: AbortSignal,
): Promise<Preview> {
	const reader = await RangeReader.open(read, sizeBytes, headBytes, signal);
	const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
	const mimeType = imageMimeType(reader.head);
	if (mimeType !== null) return previewImage(reader, mimeType);
	if (isNpy(reader.head) || extension === "npy") return previewNpy(reader);
	if (extension === "npz") return previewNpz(reader);
	if (startsWith(reader.head, "PAR1") || extension === "parquet") return previewParquet(reader, signal);
	if (extension === "svg" && decodeText(reader.head, reader.isWhole(reader.head))?.includes("<svg")) {
		return previewImage(reader, "image/svg+xml");
	}
	return previewText(reader, extension);
}

async function previewImage(reader: RangeReader, mimeType: string): Promise<Preview> {
	if (reader.sizeBytes !== null && reader.sizeBytes > maxImageBytes) {
		return { kind: "tooLarge", sizeBytes: reader.sizeBytes, limitBytes: maxImageBytes };
	}
	const bytes = await reader.first(maxImageBytes);
	return { kind: "image", mimeType, bytes };
}

async function previewText(reader: RangeReader, extension: string): Promise<Preview> {
	if (decodeText(reader.head, reader.isWhole(reader.head)) === null) return binary(reader);
	const delimiter = tableDelimiters.get(extension);
	const bytes = await reader.first(delimiter === undefined ? maxTextBytes : maxTableBytes);
	const isWhole = reader.isWhole(bytes);
	const text = decodeText(bytes, isWhole);
	if (text === null) return binary(reader);
	const truncated = !isWhole;
	if (delimiter !== undefined) return parseCsv(text, { delimiter, isWhole });
	if (jsonExtensions.has(extension)) return { kind: "json", text: indentJson(text), truncated };
	if (markdownExtensions.has(extension)) return { kind: "markdown", text, truncated };
	return { kind: "text", text, truncated, language: languageOf(extension) };
}

function binary(reader: RangeReader): Preview {
	return { kind: "binary", hexHead: hexLines(reader.head.subarray(0, hexBytes)), sizeBytes: reader.sizeBytes };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
	return [...text].every((char, at) => bytes[at] === char.charCodeAt(0));
}
