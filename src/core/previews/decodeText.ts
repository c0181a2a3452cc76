const languages: Readonly<Record<string, string>> = {
	bash: "shellscript",
	cfg: "ini",
	cpp: "cpp",
	css: "css",
	diff: "diff",
	htm: "html",
	html: "html",
	ini: "ini",
	ipynb: "json",
	js: "javascript",
	jsonl: "json",
	log: "log",
	ndjson: "json",
	patch: "diff",
	py: "python",
	r: "r",
	rs: "rust",
	sh: "shellscript",
	sql: "sql",
	svg: "xml",
	tex: "latex",
	toml: "toml",
	ts: "typescript",
	xml: "xml",
	yaml: "yaml",
	yml: "yaml",
};

/** An editor's language id for a file extension (lower case, without the dot), or null. */
export function languageOf(extension: string): string | null {
	return Object.hasOwn(languages, extension) ? (languages[extension] ?? null) : null;
}

/**
 * The bytes as text, or null where they are none: UTF-8, or UTF-16 with its mark. With `isWhole` false a character
 * that is cut off at the end is left out.
 */
export function decodeText(bytes: Uint8Array, isWhole: boolean): string | null {
	const encoding = markedEncoding(bytes);
	if (encoding === "utf-8" && bytes.includes(0)) return null;
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(isWhole ? bytes : withoutCutEnd(bytes, encoding));
	} catch {
		return null;
	}
}

function markedEncoding(bytes: Uint8Array): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
	return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

function withoutCutEnd(bytes: Uint8Array, encoding: string): Uint8Array {
	if (encoding !== "utf-8") return bytes.subarray(0, bytes.length & ~1);
	// A character is at most four bytes: its first has the two upper bits set, the others only the first of them.
	for (let back = 1; back <= Math.min(4, bytes.length); back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return bytes;
		if (byte < 0xc0) continue;
		const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
		return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
	}
	return bytes;
}
