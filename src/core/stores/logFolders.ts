/** Names under which people keep event files (PyTorch, Lightning, Keras, tensorboardX). */
const logFolderNames = new Set([
	"runs",
	"logs",
	"log",
	"lightning_logs",
	"tb_logs",
	"tensorboard",
	"tensorboard_logs",
	"tb",
	"events",
]);

/**
 * Which folders to open as TensorBoard log folders, given the folders event files lie in, as paths relative to the
 * project (`/` between parts, empty for the project itself). One per top-level folder: the conventionally named folder
 * all of them lie in (`runs`, `logs`, `lightning_logs`, `tb_logs`, …), else the lowest that holds them all, or the one
 * above where that is itself a run, so that its name says which. Event files in the project itself make it the one.
 */
export function logFolders(eventFolders: readonly string[]): readonly string[] {
	if (eventFolders.includes("")) return [""];
	const groups = new Map<string, string[][]>();
	for (const folder of eventFolders) {
		const parts = folder.split("/");
		const top = parts[0] ?? "";
		groups.set(top, [...(groups.get(top) ?? []), parts]);
	}
	return [...groups.values()].map((paths) => logFolderOf(paths).join("/")).sort();
}

function logFolderOf(paths: readonly string[][]): readonly string[] {
	const shared = paths.reduce<readonly string[]>((common, path) => {
		const end = common.findIndex((part, i) => part !== path[i]);
		return end < 0 ? common : common.slice(0, end);
	}, paths[0] ?? []);
	const conventional = shared.findIndex((part) => logFolderNames.has(part.toLowerCase()));
	if (conventional >= 0) return shared.slice(0, conventional + 1);
	const isRun = paths.some((path) => path.length === shared.length);
	return isRun && shared.length > 1 ? shared.slice(0, -1) : shared;
}
