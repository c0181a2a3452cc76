import { afterEach, beforeEach, expect, test } from "vitest";
import { GitCli } from "../../../../src/adapters/git/gitCli";
import { GitCommand } from "../../../../src/adapters/git/gitCommand";
import { ActionsClient } from "../../../../src/adapters/github/actionsClient";
import { Emitter } from "../../../../src/core/emitter";
import { type CommitSources, noCommits } from "../../../../src/core/git/commitIndex";
import type { GitRepository } from "../../../../src/core/git/gitRepository";
import { LocalJobs } from "../../../../src/core/jobs/localJobs";
import { WorkflowWatch } from "../../../../src/core/jobs/workflowWatch";
import { GithubActions } from "../../../support/githubActions";
import { GitProject } from "../../../support/gitProject";
import { memorySources, runWith } from "../../../support/memoryLibrary";
import { testLogger } from "../../../support/testLogger";

let github: GithubActions;
let project: GitProject;
beforeEach(async () => {
	github = await GithubActions.start();
	project = new GitProject();
	project.commit("Start", { "train.py": "lr = 0.1" });
});
afterEach(async () => {
	project.remove();
	await github.close();
});

/** Jobs of the project, with GitHub asked as soon as it is known. */
function start(options: { readonly token?: string | null; readonly git?: GitRepository | null } = {}) {
	const changed = new Emitter<void>();
	const git =
		options.git === undefined ? new GitCli(new GitCommand("git", project.folder), project.folder) : options.git;
	const repository = { git, sources: noCommits as CommitSources, onDidChange: changed.event };
	const reread = async () => {
		if (git) {
			const [branches, modelCommits, main] = [git.branches(), git.modelCommits(100), git.mainCommits(100)];
			repository.sources = { branches: await branches, modelCommits: await modelCommits, main: await main };
		}
		changed.fire();
	};
	const { library, model } = memorySources();
	const never = new Emitter<void>().event;
	const workflows = new WorkflowWatch({
		github: {
			knows: (host) => host === "github.com",
			token: async () => (options.token === undefined ? github.token : options.token),
			onDidChange: never,
		},
		attention: { isPaid: true, onDidChange: never },
		lister: async () => new ActionsClient({ apiUrl: github.url }),
	});
	const jobs = new LocalJobs({ repository, runs: model, workflows, logger: testLogger });
	const changes: string[][] = [];
	jobs.onDidChange(({ jobIds }) => changes.push([...jobIds]));
	void reread();
	return {
		jobs,
		library,
		changes,
		reread,
		states: () =>
			[...jobs.snapshot.jobs.values()].map(({ job: { branch, commitSha, status } }) => [branch, commitSha, status]),
		stop: () => {
			jobs.dispose();
			workflows.dispose();
		},
	};
}

/** A clone of GitHub as git sees it, whose pushes really go to a folder. */
function addGithub(): void {
	const bare = `${project.folder}/.git/there`;
	project.git("init", "-q", "--bare", bare);
	project.git("remote", "add", "origin", "https://github.com/acme/digits.git");
	project.git("config", `url.${bare}.pushInsteadOf`, "https://github.com/acme/digits.git");
}

test("from a push to the run that is logged and the workflow that fails", async () => {
	addGithub();
	project.git("checkout", "-q", "-b", "models/lr");
	const sha = project.commit("Try lr 0.2");
	project.git("push", "-q", "origin", "models/lr");
	const scene = start();
	await expect.poll(scene.states).toEqual([["models/lr", sha, "pending"]]);
	await expect
		.poll(() => scene.jobs.snapshot.state)
		.toEqual({ kind: "withoutRelay", github: "signedIn", reason: null });
	expect(scene.jobs.forge?.repository).toBe("acme/digits");
	const [tracked] = scene.jobs.snapshot.jobs.values();
	expect(tracked).toMatchObject({ job: { message: "Try lr 0.2", author: "Ada Ünal" }, isOwn: true, source: "git" });

	scene.library.put([runWith("warm-fox", { commit: sha, status: "RUNNING", endTimeMs: null, metrics: { loss: 0.5 } })]);
	await expect.poll(scene.states).toEqual([["models/lr", sha, "running"]]);
	expect(scene.changes.at(-1)).toEqual([tracked?.job.id]);
	expect([...scene.jobs.snapshot.jobs.values()][0]?.metrics).toEqual({ loss: 0.5 });
	scene.stop();

	github.runs = [{ id: 5, branch: "models/lr", sha, conclusion: "failure" }];
	const later = start();
	await expect.poll(later.states).toEqual([["models/lr", sha, "failed"]]);
	later.stop();
});

test("a new push is there once git has it, and its neighbours have not changed", async () => {
	addGithub();
	project.git("checkout", "-q", "-b", "models/lr");
	const first = project.commit("first");
	project.git("push", "-q", "origin", "models/lr");
	const scene = start();
	await expect.poll(scene.states).toHaveLength(1);
	const second = project.commit("second");
	project.git("push", "-q", "origin", "models/lr");
	await scene.reread();
	await expect.poll(() => new Set(scene.states().map(([, sha]) => sha))).toEqual(new Set([first, second]));
	expect(scene.changes.flat().filter((id) => id.endsWith(first))).toHaveLength(1);
	scene.stop();
});

test("absences have names", async () => {
	const none = start({ git: null });
	await expect.poll(() => none.jobs.historyState).toBe("noRepository");
	none.stop();

	const plain = start();
	expect(plain.jobs.historyState).toBe("reading");
	await expect.poll(() => plain.jobs.historyState).toBe("noModels");
	expect(plain.jobs.snapshot.state).toMatchObject({ github: "absent" });
	plain.stop();

	addGithub();
	project.git("branch", "models/a");
	const signedOut = start({ token: null });
	await expect.poll(() => signedOut.jobs.historyState).toBe("ready");
	await expect.poll(() => signedOut.jobs.snapshot.state).toMatchObject({ github: "signedOut" });
	expect(github.asked).toEqual([]);
	signedOut.stop();

	project.git("remote", "set-url", "origin", "git@git.example.com:acme/digits.git");
	const elsewhere = start();
	await expect
		.poll(() => elsewhere.jobs.snapshot.state)
		.toMatchObject({
			github: "absent",
			reason: expect.stringContaining("git.example.com"),
		});
	expect(github.asked).toEqual([]);
	elsewhere.stop();
});

test("git that fails is a state, said in the log, and the next look mends it", async () => {
	project.git("branch", "models/a");
	const git = new GitCli(new GitCommand("git", project.folder), project.folder);
	let isBroken = true;
	const broken = new Proxy(git, {
		get: (target, name) => {
			if (name === "remotes" && isBroken) return () => Promise.reject(new Error("index.lock"));
			const value: unknown = Reflect.get(target, name);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	const scene = start({ git: broken });
	await expect.poll(() => scene.jobs.historyState).toBe("failed");
	isBroken = false;
	await scene.reread();
	await expect.poll(() => scene.jobs.historyState).toBe("ready");
	scene.stop();
});
