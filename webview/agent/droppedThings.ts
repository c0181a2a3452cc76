export interface DroppedThings {
	readonly files: readonly File[];
	/** Addresses of files and folders, as the Explorer hands them over. */
	readonly uris: readonly string[];
	/** Rows of a tree: what VS Code calls its handles. */
	readonly rows: readonly string[];
}

/** What a drop holds, in the forms in which the editor's lists, its tabs and the system's windows give it. */
export function droppedOf(given: Pick<DataTransfer, "files" | "types" | "getData"> | null): DroppedThings {
	if (!given) return { files: [], uris: [], rows: [] };
	const uris = new Set<string>();
	const rows: string[] = [];
	for (const type of given.types) {
		const text = given.getData(type);
		if (/^(text\/uri-list|application\/vnd\.code\.uri-list)$/.test(type)) {
			for (const line of text.split(/\r?\n/)) if (/^[a-z][\w+.-]*:/i.test(line)) uris.add(line);
		} else if (type === "resourceurls" || type === "codefiles") {
			for (const each of listIn(text)) uris.add(/^[a-z][\w+.-]+:/i.test(each) ? each : `file://${each}`);
		} else if (type.startsWith("application/vnd.code.tree.gamma")) {
			rows.push(...handlesIn(text));
		} else if (type === "application/vnd.gamma.mention") {
			rows.push(text);
		}
	}
	return { files: [...given.files], uris: [...uris].slice(0, 100), rows: rows.slice(0, 20) };
}

function listIn(text: string): readonly string[] {
	const parsed = parse(text);
	return Array.isArray(parsed) ? parsed.filter((each) => typeof each === "string") : [];
}

function handlesIn(text: string): readonly string[] {
	const parsed = parse(text);
	if (typeof parsed !== "object" || parsed === null || !("itemHandles" in parsed)) return [];
	const { itemHandles } = parsed;
	return Array.isArray(itemHandles) ? itemHandles.filter((each) => typeof each === "string") : [];
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
