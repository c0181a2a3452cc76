import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** `../shared/fixtures` beside the project: stores written by the real software, with what the real clients read. */
const archive = resolve(import.meta.dirname, "../../../shared/fixtures/fixtures.tar.gz");

export const fixturesPresent = existsSync(archive);

/** The unpacked fixtures: `mlflow/{file,sqlite}-{2.14,3.17}`, `tensorboard`. Read only: copy what you change. */
export function fixturesFolder(): string {
	const folder = join(resolve(import.meta.dirname, "../.."), ".cache", "fixtures");
	if (!existsSync(folder)) {
		mkdirSync(join(folder, ".."), { recursive: true });
		const unpacking = mkdtempSync(join(folder, "..", "unpacking-"));
		execFileSync("tar", ["xzf", archive, "-C", unpacking, "--strip-components=1"]);
		try {
			renameSync(unpacking, folder);
		} catch {
			// Another test process was first.
			rmSync(unpacking, { recursive: true, force: true });
		}
	}
	return folder;
}

/** A copy that a test may change; the caller removes it. */
export function copyOfFixture(path: string): string {
	const copy = mkdtempSync(join(tmpdir(), "gamma-fixture-"));
	cpSync(join(fixturesFolder(), path), copy, { recursive: true });
	return copy;
}
