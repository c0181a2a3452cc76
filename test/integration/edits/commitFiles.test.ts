import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommitCli } from "../../../src/adapters/git/commitCli";
import { GitCommand } from "../../../src/adapters/git/gitCommand";
import { hunksOfCommit } from "../../../src/core/edits/revertHunk";
import { GitProject } from "../../support/gitProject";

const text = (...changed: readonly (readonly [number, string])[]) =>
	Array.from({ length: 9 }, (_, index) => `${changed.find(([at]) => at === index)?.[1] ?? `line ${index}`}\n`).join("");
const bytes = (content: string) => new TextEncoder().encode(content);

describe("a commit of accepted edits, with the real git", () => {
	let project: GitProject;
	let commits: CommitCli;
	beforeEach(() => {
		project = new GitProject();
		project.git("config", "user.name", "Ada Ünal");
		project.git("config", "user.email", "ada@example.org");
		project.commit("Train", { "train.py": text(), "other.py": "other\n", "-rf": "odd\n" });
		commits = new CommitCli(new GitCommand("git", project.folder));
	});
	afterEach(() => project.remove());

	const file = (path: string, content: string | null, isWorkTreeForm = false) => ({
		...{ path, isWorkTreeForm },
		content: content === null ? null : bytes(content),
	});
	const wish = (files: ReturnType<typeof file>[], newBranch: string | null = null) => ({
		...{ files, newBranch },
		message: "Lower the rate\n\nGamma-Run: 57\n",
	});
	const show = (what: string) => project.git("show", what);
	const status = () => project.git("status", "--porcelain", "-uall");

	test("has those files alone; what else is changed, staged or new stays as it was", async () => {
		project.write("other.py", "staged\n");
		project.git("add", "other.py");
		project.write("other.py", "staged, then changed\n");
		project.write("train.py", text([2, "accepted"], [7, "mine"]));
		project.write("new.txt", "new\n");
		const { sha, branch } = await commits.commitFiles(
			wish([file("train.py", text([2, "accepted"])), file("-rf", "odder\n")]),
		);
		expect(branch).toBe("main");
		expect(project.git("rev-parse", "HEAD")).toBe(sha);
		expect(project.git("show", "--format=%an %s %(trailers:key=Gamma-Run)", "--name-only", sha).split("\n")).toEqual([
			"Ada Ünal Lower the rate Gamma-Run: 57",
			"",
			"",
			"-rf",
			"train.py",
		]);
		expect(show("HEAD:train.py")).toBe(text([2, "accepted"]).trim());
		expect(status().split("\n").sort()).toEqual([" M train.py", "?? new.txt", "M -rf", "MM other.py"]);
		expect(readFileSync(join(project.folder, "train.py"), "utf8")).toBe(text([2, "accepted"], [7, "mine"]));
		expect(show(":other.py")).toBe("staged");
		expect(project.git("stash", "list")).toBe("");
	});

	test("goes to a new branch, which is then the one that is worked on", async () => {
		const before = project.git("rev-parse", "main");
		await commits.commitFiles(wish([file("train.py", text([2, "accepted"]))], "models/fix"));
		expect(project.git("symbolic-ref", "--short", "HEAD")).toBe("models/fix");
		expect([project.git("rev-parse", "main"), project.git("rev-parse", "models/fix^")]).toEqual([before, before]);
	});

	test("makes new files and takes deleted ones away; a file keeps its mode, and its staged lines elsewhere", async () => {
		chmodSync(join(project.folder, "train.py"), 0o755);
		project.commit("Make it a program");
		project.write("train.py", text([7, "staged"]));
		project.git("add", "train.py");
		await commits.commitFiles(
			wish([file("train.py", text([2, "accepted"])), file("sub/eval.py", "print()\n", true), file("other.py", null)]),
		);
		expect(
			project
				.git("ls-tree", "-r", "HEAD")
				.split("\n")
				.map((line) => line.replace(/ blob \w+\t/, " ")),
		).toEqual(["100644 -rf", "100644 sub/eval.py", "100755 train.py"]);
		expect(`${show(":train.py")}\n`).toBe(text([2, "accepted"], [7, "staged"]));
	});

	test("is refused where staged changes lie on the same lines, and nothing has happened", async () => {
		project.write("train.py", text([2, "staged"]));
		project.git("add", "train.py");
		const before = project.git("rev-parse", "HEAD");
		await expect(commits.commitFiles(wish([file("train.py", text([2, "accepted"]))], "models/fix"))).rejects.toThrow(
			/^You have staged other changes of train\.py/,
		);
		expect([project.git("rev-parse", "HEAD"), project.git("branch", "--list", "models/fix")]).toEqual([before, ""]);
	});

	test("runs the repository's hooks; one that says no leaves branch, index and files as they were", async () => {
		const hook = join(project.folder, ".git", "hooks", "pre-commit");
		writeFileSync(hook, "#!/bin/sh\ngit diff --cached --name-only > seen.txt\necho no tests >&2\nexit 1\n");
		chmodSync(hook, 0o755);
		const index = project.git("ls-files", "-s");
		const asked = commits.commitFiles(wish([file("train.py", text([2, "accepted"]))], "models/fix"));
		await expect(asked).rejects.toThrow(/no tests/);
		expect(readFileSync(join(project.folder, "seen.txt"), "utf8")).toBe("train.py\n");
		expect(project.git("symbolic-ref", "--short", "HEAD")).toBe("main");
		expect(project.git("branch", "--list", "models/fix")).toBe("");
		expect(project.git("ls-files", "-s")).toBe(index);
	});

	test("on a detached HEAD it can begin a branch", async () => {
		project.git("checkout", "-q", "--detach");
		expect(await commits.commitFiles(wish([file("train.py", text([2, "accepted"]))], "models/fix"))).toMatchObject({
			branch: "models/fix",
		});
	});

	test.each([
		["MERGE_HEAD", /^A merge is not finished here/],
		["CHERRY_PICK_HEAD", /^A cherry-pick is not finished/],
		["index.lock", /^Another git is at work/],
	])("while there is %s it says so", async (name, said) => {
		writeFileSync(join(project.folder, ".git", name), `${project.git("rev-parse", "HEAD")}\n`);
		await expect(commits.commitFiles(wish([file("train.py", "x\n")]))).rejects.toThrow(said);
	});

	test.each([
		["--force", /no name for a branch/],
		["a..b", /no name for a branch/],
		["main", /already exists/],
		["main/fix", /cannot create|exists/],
	])("a branch named %s is refused", async (name, said) => {
		await expect(commits.commitFiles(wish([file("train.py", "x\n")], name))).rejects.toThrow(said);
		expect(project.git("symbolic-ref", "--short", "HEAD")).toBe("main");
	});

	test("what the last commit has already is nothing to commit, and a link is no file", async () => {
		await expect(commits.commitFiles(wish([file("train.py", text())]))).rejects.toThrow(/nothing to commit/);
		project.git("update-index", "--add", "--cacheinfo", `120000,${project.git("rev-parse", "HEAD:other.py")},link`);
		project.git("commit", "-q", "-m", "Link");
		await expect(commits.commitFiles(wish([file("link", "x\n")]))).rejects.toThrow(/is a link or a submodule/);
		await expect(commits.headFile("train.py")).resolves.toEqual(Buffer.from(text()));
		await expect(commits.headFile("absent")).resolves.toBeNull();
	});

	test("content of a work tree is taken to what git keeps by the repository's attributes", async () => {
		project.commit("Attributes", { ".gitattributes": "*.py text\n" });
		await commits.commitFiles(wish([file("eval.py", "a\r\nb\r\n", true)]));
		expect(project.git("cat-file", "-s", "HEAD:eval.py")).toBe("4");
	});

	test("a push is of that one branch, which follows it from then on", async () => {
		const remote = new GitProject(false);
		remote.git("init", "-q", "--bare");
		project.git("remote", "add", "origin", remote.folder);
		await commits.commitFiles(wish([file("train.py", text([2, "accepted"]))], "models/fix"));
		await commits.push("origin", "models/fix");
		expect(remote.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/models/fix");
		expect(project.git("rev-parse", "--abbrev-ref", "models/fix@{upstream}")).toBe("origin/models/fix");
		await expect(commits.push("elsewhere", "models/fix")).rejects.toThrow(/elsewhere/);
		remote.remove();
	});

	test("one change of a commit is taken back on a branch of its own; work tree, index and HEAD stay", async () => {
		const before = text();
		const after = text([1, "one"], [6, "six"]);
		const commit = project.commit("Two changes", { "train.py": after });
		project.write("train.py", "in the middle of something\n");
		const [first] = hunksOfCommit(before, after);
		const made = await commits.makeTestBranch({
			...{ branch: "models/test-one", commit, path: "train.py", hunkId: first?.id ?? "", message: "Test\n" },
		});
		expect(`${show("models/test-one:train.py")}\n`).toBe(text([6, "six"]));
		expect(project.git("rev-parse", `${made.sha}^`)).toBe(commit);
		expect([status(), project.git("symbolic-ref", "--short", "HEAD")]).toEqual(["M train.py", "main"]);
		const again = { branch: "models/test-one", commit, path: "train.py", hunkId: first?.id ?? "", message: "Test\n" };
		await expect(commits.makeTestBranch(again)).rejects.toThrow(/models\/test-one/);
		await expect(commits.makeTestBranch({ ...again, path: "absent" })).rejects.toThrow(/is not in both/);
		expect(existsSync(join(project.folder, ".git", "index.lock"))).toBe(false);
	});

	test("a change against an older commit is taken back too, in a file that moved, came or went meanwhile", async () => {
		const base = project.commit("Base", { "old.py": text(), "gone.py": "gone\n" });
		project.git("mv", "old.py", "new.py");
		project.git("rm", "-q", "gone.py");
		project.commit("Move", { "came.py": "came\n" });
		const after = text([2, "two"], [6, "Sechs"]);
		const commit = project.commit("Tune", { "new.py": after });
		const [, second] = hunksOfCommit(text(), after);
		const make = (branch: string, path: string, hunkId: string, from = path) =>
			commits.makeTestBranch({ branch, commit, path, hunkId, message: "Test\n", base: { commit: base, path: from } });
		await make("models/moved", "new.py", second?.id ?? "", "old.py");
		expect(`${show("models/moved:new.py")}\n`).toBe(text([2, "two"]));
		await make("models/came", "came.py", "create");
		expect(project.git("ls-tree", "--name-only", "models/came", "came.py")).toBe("");
		await make("models/went", "gone.py", "delete");
		expect(show("models/went:gone.py")).toBe("gone");
		expect(project.git("diff", "--name-only", commit, "models/went")).toBe("gone.py");
		await expect(make("models/no", "gone.py", "create")).rejects.toThrow(/take it back by hand/);
	});
});
