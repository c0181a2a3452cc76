import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { GitCli } from "../../../../src/adapters/git/gitCli";
import { GitCommand } from "../../../../src/adapters/git/gitCommand";
import { GitProject } from "../../../support/gitProject";

const cleaning: (() => void)[] = [];
afterEach(() => {
	for (const clean of cleaning.splice(0)) clean();
});

function project(): GitProject {
	const made = new GitProject();
	cleaning.push(() => made.remove());
	made.commit("Start", { "train.py": "lr = 0.1" });
	return made;
}

/** A bare repository to push to, as `origin`. */
function addOrigin(at: GitProject): string {
	const folder = mkdtempSync(join(tmpdir(), "gamma-origin-"));
	cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
	at.gitIn(folder, "init", "-q", "--bare", "-b", "main");
	at.git("remote", "add", "origin", folder);
	at.git("push", "-q", "origin", "main");
	return folder;
}

function clone(at: GitProject, origin: string): string {
	const folder = mkdtempSync(join(tmpdir(), "gamma-clone-"));
	cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
	at.gitIn(folder, "clone", "-q", origin, ".");
	return folder;
}

const open = (folder: string) => new GitCli(new GitCommand("git", folder), folder);

describe("states of models branches", () => {
	test("every push from here is one, a commit that was not pushed by itself is none", async () => {
		const at = project();
		addOrigin(at);
		at.git("checkout", "-q", "-b", "models/lr-sweep");
		const first = at.commit("lr 0.1", { "train.py": "lr = 0.1 " });
		at.git("push", "-q", "origin", "models/lr-sweep");
		at.commit("a step between");
		const second = at.commit("lr 0.2");
		at.git("push", "-q", "origin", "models/lr-sweep");
		const local = at.commit("not pushed");

		const tips = await open(at.folder).modelTips(100);
		expect(tips.map(({ branch, commit, remote, isPushedHere }) => ({ branch, commit, remote, isPushedHere }))).toEqual([
			{ branch: "models/lr-sweep", commit: second, remote: "origin", isPushedHere: true },
			{ branch: "models/lr-sweep", commit: first, remote: "origin", isPushedHere: true },
			{ branch: "models/lr-sweep", commit: local, remote: null, isPushedHere: false },
		]);
		for (const { atMs, remote } of tips) expect(atMs === null).toBe(remote === null);
	});

	test("what others pushed is known from a fetch on, and of a fresh clone the tips", async () => {
		const at = project();
		const origin = addOrigin(at);
		at.git("checkout", "-q", "-b", "models/a");
		const before = at.commit("before the clone");
		at.git("push", "-q", "origin", "models/a");
		const other = clone(at, origin);
		expect(await open(other).modelTips(100)).toEqual([
			{ branch: "models/a", commit: before, remote: "origin", atMs: null, isPushedHere: false },
		]);

		const after = at.commit("after the clone");
		at.git("push", "-q", "origin", "models/a");
		at.gitIn(other, "fetch", "-q");
		const [newest] = await open(other).modelTips(100);
		expect(newest).toMatchObject({ branch: "models/a", commit: after, remote: "origin", isPushedHere: false });
		expect(newest?.atMs).toEqual(expect.any(Number));
	});

	test("other branches have none, and no more records are read than asked for", async () => {
		const at = project();
		addOrigin(at);
		at.git("checkout", "-q", "-b", "modelsque");
		at.commit("no model");
		at.git("push", "-q", "origin", "modelsque");
		at.git("checkout", "-q", "-b", "models");
		const shas = ["one", "two", "three"].map((subject) => {
			const sha = at.commit(subject);
			at.git("push", "-q", "origin", "models");
			return sha;
		});
		const tips = await open(at.folder).modelTips(2);
		expect(tips.filter(({ remote }) => remote !== null).map(({ commit }) => commit)).toEqual([shas[2], shas[1]]);
		expect(new Set(tips.map(({ branch }) => branch))).toEqual(new Set(["models"]));
	});

	test("a repository without any models branch, or without a commit, has none", async () => {
		expect(await open(project().folder).modelTips(10)).toEqual([]);
		const empty = new GitProject();
		cleaning.push(() => empty.remove());
		expect(await open(empty.folder).modelTips(10)).toEqual([]);
	});

	test("a force push keeps the state before it", async () => {
		const at = project();
		addOrigin(at);
		at.git("checkout", "-q", "-b", "models/x");
		const first = at.commit("first");
		at.git("push", "-q", "origin", "models/x");
		at.git("commit", "-q", "--amend", "--allow-empty", "-m", "better");
		const better = at.git("rev-parse", "HEAD");
		at.git("push", "-q", "--force", "origin", "models/x");
		const pushed = (await open(at.folder).modelTips(10)).filter(({ isPushedHere }) => isPushedHere);
		expect(pushed.map(({ commit }) => commit)).toEqual([better, first]);
	});
});

describe("what a list says of commits", () => {
	test("in any number, in the commit's own encoding, and whether they are the person's own", async () => {
		const at = project();
		at.git("config", "user.email", "ada@example.org");
		const own = at.commit("Prüfe ⚡ die Lernrate\n\nMit Begründung.");
		writeFileSync(join(at.folder, "message"), Buffer.from("caf\xe9", "latin1"));
		at.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "message");
		const latin = at.git("rev-parse", "HEAD");
		at.git("commit", "-q", "--allow-empty", "--author=Bob <bob@example.org>", "-m", "Bob's");
		const foreign = at.git("rev-parse", "HEAD");
		const found = await open(at.folder).commitLines([own, latin, foreign, own, "0".repeat(40), "--all", "HEAD"]);
		expect([...found.keys()].sort()).toEqual([own, latin, foreign].sort());
		expect(found.get(own)).toMatchObject({ subject: "Prüfe ⚡ die Lernrate", author: "Ada Ünal", isOwn: true });
		expect(found.get(latin)?.subject).toBe("café");
		expect(found.get(foreign)).toMatchObject({ author: "Bob", isOwn: false });
		expect(found.get(own)?.committedMs).toBe(Number(at.git("show", "-s", "--format=%ct", own)) * 1000);
	});

	test("without an address in git's configuration nothing is one's own, and no commits are no question", async () => {
		const at = project();
		const sha = at.commit("Someone's");
		const saved = { ...process.env };
		Object.assign(process.env, { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" });
		cleaning.push(() => {
			process.env = saved;
		});
		expect((await open(at.folder).commitLines([sha])).get(sha)?.isOwn).toBe(false);
		expect((await open(at.folder).commitLines([])).size).toBe(0);
	});
});

test("remotes are told as they are fetched from, with insteadOf applied", async () => {
	const at = project();
	expect(await open(at.folder).remotes()).toEqual([]);
	at.git("config", "url.https://github.com/.insteadOf", "gh:");
	at.git("remote", "add", "origin", "gh:acme/digits.git");
	at.git("remote", "set-url", "--push", "origin", "git@github.com:acme/digits.git");
	at.git("remote", "add", "fork", "/srv/a folder (old)/digits.git");
	const remotes = await open(at.folder).remotes();
	expect(remotes).toContainEqual({ name: "origin", url: "https://github.com/acme/digits.git" });
	expect(remotes).toContainEqual({ name: "fork", url: "/srv/a folder (old)/digits.git" });
	expect(remotes).toHaveLength(2);
});
