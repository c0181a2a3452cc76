import { access, constants, lstat, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { refusalOfPath } from "../../core/edits/editPath";
import { GammaError } from "../../shared/errors";

/**
 * Rejects with `edit.refused` where the agent may not propose this file: by its name, or because what is on the disk leads
 * elsewhere. Links are followed from the nearest part that is there, so a new file below a linked folder is found out too.
 * Before it is written, it is asked whether it can be. `folder` is absolute, `path` relative to it with `/`. The message names the path as it was given and nothing of the machine.
 */
export async function guardPath(folder: string, path: string, use: "propose" | "write" = "propose"): Promise<void> {
	const refusal = refusalOfPath(path);
	if (refusal !== null) throw refused(path, refusal);
	const target = join(folder, ...path.split("/"));
	const found = await lstat(target).catch(() => null);
	if (found?.isSymbolicLink()) throw refused(path, "is a link: what it leads to is changed by its own name");
	if (found && !found.isFile()) throw refused(path, "is no file");
	if (found && found.nlink > 1) throw refused(path, "has a second name on the disk, which may lie elsewhere");
	const root = await realpath(folder);
	const nearest = await nearestReal(found ? target : dirname(target));
	const inside = relative(root, nearest);
	if (inside === ".." || inside.startsWith(`..${sep}`) || inside.startsWith(sep) || /^[a-z]:/i.test(inside)) {
		throw refused(path, "leads out of the folder");
	}
	if (found && use === "write") {
		await access(target, constants.W_OK).catch(() => {
			throw new GammaError("edit.refused", `${path} is read-only: make it writable, then accept the edit.`);
		});
	}
	// What a link or a short name of Windows hides behind.
	if (inside !== "") {
		const real = refusalOfPath(inside.split(sep).join("/"));
		if (real !== null) throw refused(path, real);
	}
}

async function nearestReal(path: string): Promise<string> {
	for (let at = path; ; at = dirname(at)) {
		const real = await realpath(at).catch((error: NodeJS.ErrnoException) => {
			// Of a link that leads nowhere, or in a circle, nobody can say where a new file would be.
			if (error.code === "ENOENT")
				return lstat(at).then(
					() => "",
					() => null,
				);
			return "";
		});
		if (real) return real;
		if (real === "" || at === dirname(at))
			throw new GammaError("edit.refused", "A link on the way to this file leads nowhere.");
	}
}

function refused(path: string, reason: string): GammaError {
	return new GammaError("edit.refused", `${JSON.stringify(path.slice(0, 200))} may not be proposed: it ${reason}.`);
}
