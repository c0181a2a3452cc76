import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import type { MainModule, MjModel } from "@mujoco/mujoco";
import { type CollectedModel, collectModelFiles, type ModelFolder } from "../../core/mujoco/collectModelFiles";
import { toModelProblem } from "../../core/mujoco/modelProblem";
import { GammaError } from "../../shared/errors";

/**
 * An MJCF or URDF file with all that it names. `root` is the folder that the model may reach into: files outside of it are refused, by
 * links too. Rejects with `model.missing` or `model.damaged`.
 */
export async function readModel(path: string, root = dirname(path)): Promise<CollectedModel> {
	const folder = await realpath(root).catch(() => null);
	const file = await realpath(path).catch(() => null);
	if (folder === null || file === null) throw new GammaError("model.missing", `There is no model ${path}.`);
	const inside = relative(folder, file);
	if (isOutside(inside)) return readModel(file);
	return collectModelFiles(inside.split(sep).join("/"), new DiskFolder(folder));
}

function isOutside(path: string): boolean {
	return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

class DiskFolder implements ModelFolder {
	constructor(private readonly root: string) {}

	async read(path: string): Promise<Uint8Array | null> {
		return readFile(join(this.root, path)).catch(() => null);
	}

	async sizeOf(path: string): Promise<number | null> {
		const real = await realpath(join(this.root, path)).catch(() => null);
		if (real === null || isOutside(relative(this.root, real))) return null;
		const found = await stat(real).catch(() => null);
		return found?.isFile() ? found.size : null;
	}
}

/** Compiles a model; who calls deletes it. Throws `model.damaged` with MuJoCo's reason and its line. */
export function compileModel(mujoco: MainModule, { main, files }: CollectedModel): MjModel {
	const disk = new mujoco.MjVFS();
	try {
		for (const { path, bytes } of files) disk.addBuffer(path, bytes);
		return mujoco.MjModel.from_xml_path(main, disk);
	} catch (error) {
		throw toModelProblem(basename(main) === "" ? "model" : main, reasonOf(mujoco, error));
	} finally {
		disk.delete();
	}
}

/** A C++ exception that the bindings did not translate is a number or an object of their own. */
function reasonOf(mujoco: MainModule, error: unknown): string {
	if (error instanceof Error && error.message !== "") return error.message;
	const translate: unknown = Reflect.get(mujoco, "getExceptionMessage");
	if (typeof translate !== "function") return "MuJoCo does not take it";
	const told: unknown = translate(error);
	return Array.isArray(told) ? told.join(": ") : String(told);
}
