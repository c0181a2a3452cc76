import { afterAll, expect, test, vi } from "vitest";
import { findRepository } from "../../../src/adapters/git/gitCli";
import { CommitPaths } from "../../../src/ui/code/commitPaths";
import { GitProject } from "../../support/gitProject";

const project = new GitProject();
afterAll(() => project.remove());

test("a commit's files are read once, and are those of the commit", async () => {
	const first = project.commit("One", { "train.py": "1", "src/ä.py": "2" });
	project.git("rm", "-q", "train.py");
	const second = project.commit("Two", { "src/new.py": "3" });
	const git = await findRepository(project.folder, "git");
	const paths = new CommitPaths(() => git);
	expect([...(await paths.of(first))].sort()).toEqual(["src/ä.py", "train.py"]);
	expect([...(await paths.of(second))].sort()).toEqual(["src/new.py", "src/ä.py"]);
	const asked = vi.spyOn(git ?? {}, "changedFiles" as never);
	await paths.of(first);
	expect(asked).not.toHaveBeenCalled();
});

test("a commit that is not here has none, is not asked for all the time, and is found once it was fetched", async () => {
	const git = await findRepository(project.folder, "git");
	const paths = new CommitPaths(() => git);
	const other = new GitProject();
	const sha = other.commit("Elsewhere", { "far.py": "1" });
	expect((await paths.of(sha)).size).toBe(0);
	project.git("fetch", "-q", other.folder, "main");
	expect((await paths.of(sha)).size).toBe(0);
	vi.setSystemTime(Date.now() + 20_000);
	expect([...(await paths.of(sha))]).toEqual(["far.py"]);
	vi.useRealTimers();
	other.remove();
});

test("without a repository there is nothing", async () => {
	expect((await new CommitPaths(() => null).of("a".repeat(40))).size).toBe(0);
});
