import { GammaError } from "../../shared/errors";
import type { ArtifactPlace } from "../artifacts/artifactPlace";
import type { ModelFolder } from "../mujoco/collectModelFiles";

/** Of one reading, and of one file; the port reads parts. */
const partBytes = 8 * 2 ** 20;

/** The files of a place of artifacts, as a model and a policy name each other there. Each folder is listed once. */
export class PlaceFiles implements ModelFolder {
	readonly #folders = new Map<string, Promise<ReadonlyMap<string, number | null>>>();

	constructor(
		private readonly place: Pick<ArtifactPlace, "list" | "read">,
		/** Beyond this many files of one folder the rest is not looked at. */
		private readonly mostFiles = 100_000,
	) {}

	async sizeOf(path: string): Promise<number | null> {
		const folder = await this.#folder(path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
		return folder.has(path) ? (folder.get(path) ?? 0) : null;
	}

	async read(path: string): Promise<Uint8Array | null> {
		if ((await this.sizeOf(path)) === null) return null;
		const parts: Uint8Array[] = [];
		let offset = 0;
		for (;;) {
			const { bytes, totalBytes } = await this.place.read(path, { offset, length: partBytes }, null);
			parts.push(bytes);
			offset += bytes.length;
			if (bytes.length === 0 || (totalBytes === null ? bytes.length < partBytes : offset >= totalBytes)) break;
		}
		const [only] = parts;
		if (only && parts.length === 1) return only;
		const whole = new Uint8Array(offset);
		let at = 0;
		for (const part of parts) {
			whole.set(part, at);
			at += part.length;
		}
		return whole;
	}

	#folder(path: string): Promise<ReadonlyMap<string, number | null>> {
		const known = this.#folders.get(path);
		if (known) return known;
		const listed = this.#list(path).catch((error: unknown): ReadonlyMap<string, number | null> => {
			if (GammaError.is(error, "artifact.missing")) return new Map();
			throw error;
		});
		this.#folders.set(path, listed);
		listed.catch(() => this.#folders.delete(path));
		return listed;
	}

	async #list(folder: string): Promise<ReadonlyMap<string, number | null>> {
		const sizes = new Map<string, number | null>();
		let cursor: string | null = null;
		do {
			const page = await this.place.list(folder, cursor);
			for (const { path, isDir, sizeBytes } of page.entries) if (!isDir) sizes.set(path, sizeBytes);
			cursor = page.next;
		} while (cursor !== null && sizes.size < this.mostFiles);
		return sizes;
	}
}
