import { GammaError } from "../../shared/errors";
import { type ModelReferences, modelReferences } from "./modelReferences";

/** A file of a model under the name by which MuJoCo asks for it. */
export interface ModelFile {
	readonly path: string;
	readonly bytes: Uint8Array;
}

/** A model and all that it names; paths are relative to one folder, parted by `/`. */
export interface CollectedModel {
	readonly main: string;
	readonly files: readonly ModelFile[];
}

export interface ModelFolder {
	/** The bytes of a file below the folder, null where there is none. */
	read(path: string): Promise<Uint8Array | null>;
	/** Null where there is none. */
	sizeOf(path: string): Promise<number | null>;
}

/** The whole goes into an engine whose memory ends at 2 GB; MuJoCo takes half a second for a megabyte of XML. */
const maxTotalBytes = 100 * 10 ** 6;
const maxXmlBytes = 10 * 10 ** 6;
const maxFiles = 2000;

/**
 * Gathers an MJCF or URDF file with its includes, meshes, textures and height fields. Rejects with `model.missing` where the model or a
 * file that it names is not there, and with `model.damaged` where the model includes itself, leaves its folder or is too large: one
 * sentence with the file and the line.
 */
export async function collectModelFiles(main: string, folder: ModelFolder): Promise<CollectedModel> {
	const gathering = new Gathering(folder);
	await gathering.addModel(main, main, null);
	return { main, files: [...gathering.files].map(([path, bytes]) => ({ path, bytes })) };
}

/** Where a file was asked for. */
interface Place {
	readonly path: string;
	readonly line: number;
}

/** What a model and its includes say of other files; all are one text to MuJoCo. */
interface OneText {
	readonly main: string;
	readonly files: { readonly source: string; readonly found: ModelReferences }[];
}

class Gathering {
	readonly files = new Map<string, Uint8Array>();
	#totalBytes = 0;

	constructor(private readonly folder: ModelFolder) {}

	async addModel(path: string, source: string, at: Place | null): Promise<void> {
		const text: OneText = { main: path, files: [] };
		await this.#addText(text, path, source, at, []);
		const said = text.files.map(({ found }) => found);
		const folders = {
			mesh: said.findLast(({ meshFolder }) => meshFolder !== null)?.meshFolder ?? "",
			texture: said.findLast(({ textureFolder }) => textureFolder !== null)?.textureFolder ?? "",
		};
		const strips =
			said.findLast(({ stripsPath }) => stripsPath !== null)?.stripsPath ??
			said.some(({ format }) => format === "urdf");
		for (const { source, found } of text.files) {
			for (const reference of found.references) {
				const { kind, file, line } = reference;
				if (kind === "include") continue;
				const place = { path: source, line };
				const between = kind === "mesh" || kind === "texture" ? folders[kind] : "";
				const name = strips && kind !== "model" ? (file.split(/[\\/]/).at(-1) ?? "") : file;
				const wanted = this.#wantedPath(text.main, between, name, place);
				if (this.files.has(wanted)) continue;
				const there = await this.#find(file, wanted, source, place);
				if (kind === "model") await this.addModel(wanted, there, place);
				else await this.#add(wanted, there, place, maxTotalBytes);
			}
		}
	}

	/** `within` are the files that include this one, outermost first. */
	async #addText(
		text: OneText,
		path: string,
		source: string,
		at: Place | null,
		within: readonly string[],
	): Promise<void> {
		if (within.includes(source)) {
			const by = within.at(-1) === source ? "" : ` by way of ${within.at(-1)}`;
			throw damaged(`${source} includes itself${by}`, at);
		}
		if (this.files.has(path)) return;
		const found = modelReferences(new TextDecoder().decode(await this.#add(path, source, at, maxXmlBytes)));
		if (at === null && found.format === "other") {
			throw damaged("it is neither MJCF (<mujoco>) nor URDF (<robot>)", { path: source, line: 1 });
		}
		text.files.push({ source, found });
		for (const { kind, file, line } of found.references) {
			if (kind !== "include") continue;
			const place = { path: source, line };
			const wanted = this.#wantedPath(text.main, "", file, place);
			const there = await this.#find(file, wanted, source, place);
			await this.#addText(text, wanted, there, place, [...within, source]);
		}
	}

	/** The name by which MuJoCo asks: from the main file's folder, the mesh or texture folder between. */
	#wantedPath(main: string, between: string, file: string, place: Place): string {
		if (/^([a-zA-Z]:)?[\\/]/.test(file) || /^([a-zA-Z]:)?[\\/]/.test(between)) {
			throw damaged(`${JSON.stringify(file)} is outside of the model's folder`, place);
		}
		const path = this.#joinedOrNull([folderOf(main), between, file.replace(/^(package|file|model):\/\//, "")]);
		if (path === null) throw damaged(`${JSON.stringify(file)} is outside of the model's folder`, place);
		return path;
	}

	/** Where the file really is: as MuJoCo would look, beside the file that names it, or, of a URDF's package, in a folder above. */
	async #find(file: string, wanted: string, source: string, place: Place): Promise<string> {
		const written = file.replace(/^(package|file|model):\/\//, "");
		const candidates = [wanted, this.#joinedOrNull([folderOf(source), written])];
		if (written !== file) {
			const inPackage = written.split("/").slice(1).join("/");
			for (let above = folderOf(source); ; above = folderOf(above)) {
				candidates.push(this.#joinedOrNull([above, written]), this.#joinedOrNull([above, inPackage]));
				if (above === "") break;
			}
		}
		for (const candidate of candidates) {
			if (candidate !== null && (await this.folder.sizeOf(candidate)) !== null) return candidate;
		}
		throw new GammaError("model.missing", `${placeText(place)}: there is no file ${JSON.stringify(file)} (${wanted}).`);
	}

	async #add(path: string, source: string, at: Place | null, limit: number): Promise<Uint8Array> {
		const size = await this.folder.sizeOf(source);
		if (size === null) throw new GammaError("model.missing", `There is no file ${source}.`);
		this.#totalBytes += size;
		if (size > limit || this.#totalBytes > maxTotalBytes || this.files.size >= maxFiles) {
			throw damaged(`${source} is too large: ${sizeText(size)}, and ${sizeText(limit)} at most are read`, at);
		}
		const bytes = await this.folder.read(source);
		if (bytes === null) throw new GammaError("model.missing", `There is no file ${source}.`);
		this.files.set(path, bytes);
		return bytes;
	}

	#joinedOrNull(parts: readonly string[]): string | null {
		const joined: string[] = [];
		for (const part of parts.join("/").split(/[\\/]/)) {
			if (part === "" || part === ".") continue;
			if (part !== "..") joined.push(part);
			else if (joined.pop() === undefined) return null;
		}
		return joined.join("/");
	}
}

function folderOf(path: string): string {
	return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function sizeText(bytes: number): string {
	return `${(bytes / 10 ** 6).toFixed(1)} MB`;
}

function placeText({ path, line }: Place): string {
	return `${path}, line ${line}`;
}

function damaged(what: string, at: Place | null): GammaError {
	return new GammaError("model.damaged", at === null ? `${what}.` : `${placeText(at)}: ${what}.`);
}
