import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findRepository, GitCli } from "../../../../src/adapters/git/gitCli";
import { GitCommand } from "../../../../src/adapters/git/gitCommand";
import { GammaError } from "../../../../src/shared/errors";
import { GitProject } from "../../../support/gitProject";

const made: GitProject[] = [];
const folders: string[] = [];
afterEach(() => {
	for (const project of made.splice(0)) project.remove();
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function project(): GitProject {
	const next = new GitProject();
	made.push(next);
	return next;
}

function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "gamma-folder-"));
	folders.push(folder);
	return folder;
}

const open = (at: GitProject) => new GitCli(new GitCommand("git", at.folder), at.folder);
const codeOf = (promise: Promise<unknown>) =>
	promise.then(
		() => "no error",
		(error: unknown) => (GammaError.is(error) ? error.code : String(error)),
	);

describe("finding a repository", () => {
	test("from a folder inside it, and none outside", async () => {
		const at = project();
		at.commit("first", { "src/train.py": "lr = 1" });
		expect((await findRepository(join(at.folder, "src"), "git"))?.root).toBe(at.folder);
		expect(await findRepository(emptyFolder(), "git")).toBeNull();
	});

	test("a missing git and a missing folder are told apart", async () => {
		expect(await codeOf(findRepository(emptyFolder(), "/nowhere/git"))).toBe("git.missing");
		expect(await findRepository("/nowhere/at/all", "git")).toBeNull();
	});

	test("a folder named like an option or a command is a folder", async () => {
		const at = project();
		at.commit("first", { "-rf/$(touch escaped)/a.py": "1" });
		expect((await findRepository(join(at.folder, "-rf", "$(touch escaped)"), "git"))?.root).toBe(at.folder);
		expect(existsSync(join(at.folder, "escaped"))).toBe(false);
	});

	test("a bare repository has no work tree and is none to Gamma", async () => {
		const at = project();
		const bare = join(emptyFolder(), "bare.git");
		at.gitIn(at.folder, "init", "-q", "--bare", bare);
		expect(await findRepository(bare, "git")).toBeNull();
	});
});

describe("head", () => {
	test("is the commit and the branch", async () => {
		const at = project();
		const sha = at.commit("first");
		expect(await open(at).head()).toEqual({ commit: sha, branch: "main" });
		at.git("checkout", "-q", "-b", "models/lr-sweep");
		expect((await open(at).head())?.branch).toBe("models/lr-sweep");
	});

	test("is null before the first commit and has no branch when detached", async () => {
		const at = project();
		expect(await open(at).head()).toBeNull();
		expect(await open(at).branches()).toEqual([]);
		expect(await open(at).modelCommits(5)).toEqual(new Map());
		expect(await open(at).mainCommits(5)).toBeNull();
		expect(await open(at).commitsOfFile("train.py", 5)).toEqual([]);
		const sha = at.commit("first");
		at.git("checkout", "-q", "--detach");
		expect(await open(at).head()).toEqual({ commit: sha, branch: null });
	});
});

describe("a commit", () => {
	test("has its parents, subject, author and time, a merge both parents", async () => {
		const at = project();
		const first = at.commit("first");
		at.git("checkout", "-q", "-b", "side");
		const side = at.commit("Add warm-up ⚡\n\nwith a body", { "a.py": "1" });
		at.git("checkout", "-q", "main");
		const other = at.commit("other", { "b.py": "1" });
		at.git("merge", "-q", "--no-ff", "-m", "Merge side", "side");
		const merge = at.git("rev-parse", "HEAD");
		expect(await open(at).commit(side)).toEqual({
			sha: side,
			parents: [first],
			subject: "Add warm-up ⚡",
			author: "Ada Ünal",
			dateMs: 1_700_000_120_000,
		});
		expect((await open(at).commit(merge))?.parents).toEqual([other, side]);
		expect((await open(at).commit(merge.slice(0, 7)))?.sha).toBe(merge);
	});

	test("of another repository is null; what is no sha is refused before git sees it", async () => {
		const at = project();
		at.commit("first");
		expect(await open(at).commit("deadbeef".repeat(5))).toBeNull();
		for (const hostile of ["--upload-pack=touch x", "HEAD", "", "main;id", "abc", "g".repeat(40)]) {
			expect(await codeOf(open(at).commit(hostile))).toBe("git.failed");
		}
	});

	test("in another encoding is read in that encoding", async () => {
		const at = project();
		at.git("config", "i18n.commitEncoding", "ISO-8859-1");
		writeLatin1Message(at);
		const sha = at.git("rev-parse", "HEAD");
		expect((await open(at).commit(sha))?.subject).toBe("Größe");
	});

	test("at the edge of a shallow clone names the parent that is not there", async () => {
		const at = project();
		const first = at.commit("first", { "a.py": "1" });
		const second = at.commit("second", { "a.py": "2" });
		const clone = join(emptyFolder(), "clone");
		at.gitIn(at.folder, "clone", "-q", "--depth", "1", `file://${at.folder}`, clone);
		const shallow = new GitCli(new GitCommand("git", clone), clone);
		expect((await shallow.commit(second))?.parents).toEqual([first]);
		expect(await shallow.commit(first)).toBeNull();
		expect(await codeOf(shallow.changedFiles(first, second))).toBe("git.failed");
		expect(Buffer.from((await shallow.fileAt(second, "a.py")) ?? []).toString()).toBe("2");
	});
});

function writeLatin1Message(at: GitProject): void {
	const message = join(at.folder, "message");
	at.write("message", Buffer.from("Größe", "latin1"));
	at.git("commit", "-q", "--allow-empty", "-F", message);
}

describe("branches", () => {
	test("local ones come first, a remote's lose its name, its HEAD is none", async () => {
		const at = project();
		const sha = at.commit("first");
		at.git("branch", "models/lr-sweep");
		const clone = join(emptyFolder(), "clone");
		at.gitIn(at.folder, "clone", "-q", at.folder, clone);
		const branches = await new GitCli(new GitCommand("git", clone), clone).branches();
		expect(branches).toEqual([
			{ name: "main", commit: sha, isRemote: false, remote: null },
			{ name: "main", commit: sha, isRemote: true, remote: "origin" },
			{ name: "models/lr-sweep", commit: sha, isRemote: true, remote: "origin" },
		]);
		expect([...(await new GitCli(new GitCommand("git", clone), clone).modelCommits(9)).keys()]).toEqual([
			"models/lr-sweep",
		]);
	});

	test("a models branch has the commits that main has not, newest first, within the limit", async () => {
		const at = project();
		at.commit("first");
		at.git("checkout", "-q", "-b", "models/base");
		const a = at.commit("a");
		// Git itself allows no `models` beside `models/…`: a repository has the one or the others.
		at.git("checkout", "-q", "-b", "models/$(id)-sweep");
		const b = at.commit("b");
		const c = at.commit("c");
		expect(await open(at).modelCommits(10)).toEqual(
			new Map([
				["models/$(id)-sweep", [c, b, a]],
				["models/base", [a]],
			]),
		);
		expect((await open(at).modelCommits(2)).get("models/$(id)-sweep")).toEqual([c, b]);
		expect((await open(at).mainCommits(10))?.branch).toBe("main");
	});
});

describe("changed files", () => {
	test("added, changed, deleted and renamed are told apart, whatever their names", async () => {
		const at = project();
		const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
		const hostile = ["-rf", "$(touch escaped)", 'a"b\n.py', "ünïcode 模型.py", " lead", "tab\there"];
		const from = at.commit("first", { "old/name.py": long, "gone.py": "1", "kept.py": "1", "changed.py": "1" });
		at.git("mv", "old/name.py", "new name.py");
		at.git("rm", "-q", "gone.py");
		const files = Object.fromEntries(hostile.map((name) => [name, "x"]));
		const to = at.commit("second", { ...files, "changed.py": "2", "weights.bin": new Uint8Array([0, 1, 2, 255]) });
		const changed = await open(at).changedFiles(from, to);
		const byKind = (kind: string) => changed.filter((file) => file.kind === kind).map((file) => file.path);
		expect(byKind("added").sort()).toEqual([...hostile, "weights.bin"].sort());
		expect(byKind("deleted")).toEqual(["gone.py"]);
		expect(byKind("modified")).toEqual(["changed.py"]);
		expect(changed.find((file) => file.kind === "renamed")).toEqual({
			path: "new name.py",
			previousPath: "old/name.py",
			kind: "renamed",
		});
		for (const name of hostile) {
			expect(Buffer.from((await open(at).fileAt(to, name)) ?? []).toString()).toBe("x");
			expect(await open(at).commitsOfFile(name, 5)).toEqual([to]);
		}
		expect([...((await open(at).fileAt(to, "weights.bin")) ?? [])]).toEqual([0, 1, 2, 255]);
		expect(existsSync(join(at.folder, "escaped"))).toBe(false);
	});

	test("nothing differs between a commit and itself; against nothing every file is added", async () => {
		const at = project();
		const sha = at.commit("first", { "a.py": "1", "b/c.py": "2" });
		expect(await open(at).changedFiles(sha, sha)).toEqual([]);
		expect((await open(at).changedFiles(null, sha)).map((file) => `${file.kind} ${file.path}`)).toEqual([
			"added a.py",
			"added b/c.py",
		]);
	});

	test("no program that the repository names is run", async () => {
		const at = project();
		const touch = join(at.folder, "ran");
		for (const setting of [
			"diff.external",
			"core.fsmonitor",
			"diff.evil.command",
			"diff.evil.textconv",
			"core.pager",
		]) {
			at.git("config", setting, `touch '${touch}'; true`);
		}
		const from = at.commit("first", { "a.py": "1", ".gitattributes": "*.py diff=evil" });
		const to = at.commit("second", { "a.py": "2" });
		rmSync(touch, { force: true });
		expect((await open(at).changedFiles(from, to)).map((file) => file.path)).toEqual(["a.py"]);
		await open(at).fileAt(to, "a.py");
		await open(at).commitsOfFile("a.py", 3);
		await open(at).head();
		expect(existsSync(touch)).toBe(false);
	});
});

describe("a file at a commit", () => {
	test("is null where there is none, and for a folder; a link is its target", async () => {
		const at = project();
		symlinkSync("../../etc/passwd", join(at.folder, "link"));
		const sha = at.commit("first", { "folder/a.py": "1" });
		expect(await open(at).fileAt(sha, "none.py")).toBeNull();
		expect(await open(at).fileAt(sha, "folder")).toBeNull();
		expect(await open(at).fileAt(sha, "../outside")).toBeNull();
		expect(Buffer.from((await open(at).fileAt(sha, "link")) ?? []).toString()).toBe("../../etc/passwd");
	});

	test("a wildcard in a name is a letter like any other", async () => {
		const at = project();
		const first = at.commit("first", { "*.py": "star" });
		at.commit("second", { "a.py": "1" });
		expect(await open(at).commitsOfFile("*.py", 5)).toEqual([first]);
	});
});

describe("a worktree", () => {
	test("has the commit's files, detached, and leaves the repository's own tree alone", async () => {
		const at = project();
		at.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch hook-ran\n");
		chmodSync(join(at.folder, ".git/hooks/post-checkout"), 0o755);
		at.git("config", "core.hooksPath", ".git/hooks");
		const first = at.commit("first", { "a.py": "old" });
		at.commit("second", { "a.py": "new" });
		at.write("a.py", "uncommitted");
		const folder = join(emptyFolder(), "--force $(touch escaped)");
		await open(at).addWorktree(first.slice(0, 8), folder);
		expect(readFileSync(join(folder, "a.py"), "utf8")).toBe("old");
		expect(readdirSync(folder)).not.toContain("hook-ran");
		expect(readFileSync(join(at.folder, "a.py"), "utf8")).toBe("uncommitted");
		expect((await findRepository(folder, "git"))?.root).toBe(folder);
		const inside = await findRepository(folder, "git");
		expect(await inside?.head()).toEqual({ commit: first, branch: null });
	});

	test("is refused in a folder that holds something, at a relative path, for a commit that is not there", async () => {
		const at = project();
		const sha = at.commit("first", { "a.py": "1" });
		const full = emptyFolder();
		mkdirSync(join(full, "work"));
		expect(await codeOf(open(at).addWorktree(sha, full))).toBe("git.failed");
		expect(await codeOf(open(at).addWorktree(sha, "beside"))).toBe("git.failed");
		expect(await codeOf(open(at).addWorktree("deadbeef", join(full, "new")))).toBe("git.failed");
		expect(readdirSync(full)).toEqual(["work"]);
	});
});

test("a call that was cancelled says so", async () => {
	const at = project();
	at.commit("first");
	expect(await codeOf(open(at).branches(AbortSignal.abort()))).toBe("call.cancelled");
});

test("more output than was asked for is a failure, not a full memory", async () => {
	const at = project();
	const sha = at.commit("first", { "big.txt": "x".repeat(100_000) });
	const command = new GitCommand("git", at.folder);
	expect(await codeOf(command.run(["cat-file", "blob", `${sha}:big.txt`], { maxBytes: 1000 }))).toBe("git.failed");
});
