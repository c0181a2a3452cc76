import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardPath } from "../../../src/adapters/edits/guardPath";
import { GammaError } from "../../../src/shared/errors";

describe("which files the agent may propose, on a real disk", () => {
	const place = realpathSync(mkdtempSync(join(tmpdir(), "gamma-guard-")));
	const folder = join(place, "work");
	beforeAll(() => {
		for (const made of ["work/src", "work/.git/hooks", "work-beside", "outside"])
			mkdirSync(join(place, made), { recursive: true });
		writeFileSync(join(place, "outside", "secret"), "s");
		writeFileSync(join(folder, "src", "train.py"), "x");
		const links = {
			"link.py": "src/train.py",
			out: "../outside",
			"out.txt": "../outside/secret",
			beside: "../work-beside",
			dangling: "../outside/not-there",
			loop: "loop",
			git: ".git",
			inside: "src",
			self: "/proc/self/fd",
		};
		for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
		linkSync(join(place, "outside", "secret"), join(folder, "hard.txt"));
	});
	afterAll(() => rmSync(place, { recursive: true, force: true }));

	test.each(["src/train.py", "src/new.py", "new/folder/file.py", "inside/new.py"])("%s may", (path) =>
		expect(guardPath(folder, path)).resolves.toBeUndefined(),
	);

	test.each([
		...["link.py", "out/secret", "out/new.txt", "out/new/deep.txt", "out.txt", "beside/x", "dangling", "dangling/x"],
		...["loop", "loop/x", "git/config", "git/hooks/pre-commit", "hard.txt", "src", "self/1", "../outside/secret"],
		...["../work-beside/x", "src/../../outside/secret", "/etc/passwd", ".git/config", "a\0b"],
	])("%j may not, and nobody is told where it leads", async (path) => {
		const said = await guardPath(folder, path).then(
			() => null,
			(error: unknown) => error,
		);
		expect(GammaError.is(said, "edit.refused")).toBe(true);
		expect(String(said)).not.toContain(place);
	});
});
