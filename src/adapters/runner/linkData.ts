import { existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { trainSettingsPath } from "../../core/mmp/trainSettings";
import { GammaError } from "../../shared/errors";

/**
 * Puts links to what the person's clone has and git does not hold, such as a dataset, into a checkout. What the commit has
 * itself stays. Throws `settings.invalid` for what is not there.
 */
export function linkData(names: readonly string[], clone: string | null, tree: string): void {
	for (const name of names) {
		const to = join(tree, name);
		if (lstatSync(to, { throwIfNoEntry: false })) continue;
		if (clone === null)
			throw new GammaError(
				"settings.invalid",
				`"links" in ${trainSettingsPath} names ${name}, and this runner has no clone that has it: start it in one, or name one with --repository.`,
			);
		const from = join(clone, name);
		if (!existsSync(from))
			throw new GammaError(
				"settings.invalid",
				`"links" in ${trainSettingsPath} names ${name}, which is not in ${clone}: bring it there and try again.`,
			);
		mkdirSync(dirname(to), { recursive: true });
		symlinkSync(from, to);
	}
}
