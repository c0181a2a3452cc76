import { constants, lstat, open, readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isSecretPath, withoutSecrets } from "../../core/agent/context/secrets";
import type { FoundLine, FoundText, WorkspaceFiles } from "../../core/agent/sources";
import { refusalOfPath } from "../../core/edits/editPath";
import { GammaError } from "../../shared/errors";

const mostBytes = 2_000_000;
const mostEntries = 1_000;
const searched = { files: 5_000, bytes: 400_000 };
/** Made by programs, and long. */
const skipped = new Set([
	"node_modules",
	".git",
	"__pycache__",
	".venv",
	"venv",
	"mlruns",
	"dist",
	"build",
	".tox",
	".mypy_cache",
]);

/** The files of one folder, each path followed to its end on the disk before it is opened. */
export class FolderFiles implements WorkspaceFiles {
	/** `folder` is absolute. */
	constructor(private readonly folder: string) {}

	async read(path: string, signal?: AbortSignal): Promise<FoundText> {
		const real = await this.#inside(path);
		if (isSecretPath(path)) throw refused(path, "holds secrets by its name, and is not read");
		// A pipe would wait for ever; a link put there since would lead out.
		const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0)).catch(
			() => {
				throw refused(path, "cannot be read");
			},
		);
		try {
			const found = await handle.stat();
			if (!found.isFile()) throw refused(path, "is no file");
			signal?.throwIfAborted();
			const bytes = Buffer.alloc(Math.min(found.size, mostBytes));
			const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
			const read = bytes.subarray(0, bytesRead);
			if (read.subarray(0, 8_000).includes(0)) throw refused(path, "is not a text");
			const text = new TextDecoder("utf-8").decode(read);
			return { text, lines: text.split("\n").length, isCut: found.size > mostBytes };
		} finally {
			await handle.close();
		}
	}

	async has(path: string): Promise<boolean> {
		const refusal = refusalOfPath(path);
		if (refusal !== null) throw refused(path, refusal);
		return lstat(join(this.folder, ...path.split("/"))).then(
			() => true,
			() => false,
		);
	}

	async list(path: string, signal?: AbortSignal): Promise<readonly { path: string; isDir: boolean }[]> {
		const at = path.replace(/^\.\/?$|\/+$/g, "");
		const real = at === "" ? await realpath(this.folder) : await this.#inside(at);
		const entries = await readdir(real, { withFileTypes: true }).catch(() => {
			throw refused(path, "is no folder");
		});
		signal?.throwIfAborted();
		return entries
			.filter(({ name }) => name.toLowerCase() !== ".git")
			.map((entry) => ({ path: at === "" ? entry.name : `${at}/${entry.name}`, isDir: entry.isDirectory() }))
			.sort((a, b) => Number(b.isDir) - Number(a.isDir) || a.path.localeCompare(b.path))
			.slice(0, mostEntries);
	}

	async search(text: string, under: string, limit: number, signal?: AbortSignal): Promise<readonly FoundLine[]> {
		const found: FoundLine[] = [];
		const folders = [under.replace(/^\.\/?$|\/+$/g, "")];
		let files = 0;
		for (let at = folders.shift(); at !== undefined && found.length < limit; at = folders.shift()) {
			for (const entry of await this.list(at, signal).catch(() => [])) {
				if (entry.isDir) {
					// Links to folders are no folders here, so there is no going round in circles.
					if (!skipped.has(entry.path.split("/").at(-1) ?? "")) folders.push(entry.path);
					continue;
				}
				if (++files > searched.files || found.length >= limit) return found.slice(0, limit);
				const file = isSecretPath(entry.path) ? null : await this.read(entry.path, signal).catch(() => null);
				if (!file || file.text.length > searched.bytes || !file.text.includes(text)) continue;
				for (const [index, line] of withoutSecrets(file.text).text.split("\n").entries()) {
					if (line.includes(text)) found.push({ path: entry.path, line: index + 1, text: line.trim() });
				}
			}
		}
		return found.slice(0, limit);
	}

	/** Where the path leads on the disk, links followed; only what ends within the folder and is nobody's secret. */
	async #inside(path: string): Promise<string> {
		const refusal = refusalOfPath(path);
		if (refusal !== null) throw refused(path, refusal);
		const root = await realpath(this.folder);
		const real = await realpath(join(root, ...path.split("/"))).catch(() => {
			throw refused(path, "is not there");
		});
		const inside = relative(root, real);
		if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || /^([/\\]|[a-z]:)/i.test(inside)) {
			throw refused(path, "leads out of the folder");
		}
		const name = inside.split(sep).join("/");
		const hidden = refusalOfPath(name);
		if (hidden !== null) throw refused(path, hidden);
		if (isSecretPath(name)) throw refused(path, "holds secrets by its name, and is not read");
		return real;
	}
}

function refused(path: string, reason: string): GammaError {
	return new GammaError("agent.toolRefused", `${JSON.stringify(path.slice(0, 200))} ${reason}.`);
}
