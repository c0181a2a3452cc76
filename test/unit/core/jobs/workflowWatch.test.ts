import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import type { WorkflowAnswer } from "../../../../src/core/jobs/workflowRuns";
import { readWorkflowRuns } from "../../../../src/core/jobs/workflowRuns";
import { WorkflowWatch } from "../../../../src/core/jobs/workflowWatch";
import { listedRun } from "../../../support/githubActions";
import { commit } from "../../../support/webhooks";

const github = { host: "github.com", repository: "acme/digits" };
const runs = (status: string): WorkflowAnswer => ({
	is: "runs",
	runs: readWorkflowRuns({ workflow_runs: [listedRun({ id: 1, branch: "models", sha: commit(1), status })] }) ?? [],
});
const failed = (notBeforeMs: number | null = null): WorkflowAnswer => ({
	is: "failed",
	why: "limited",
	reason: "GitHub's rate limit is reached.",
	notBeforeMs,
});

/** A watch over answers that the test gives; `asked` holds when, in seconds since its start, and with which token. */
function watched() {
	const accounts = new Emitter<void>();
	const looks = new Emitter<void>();
	const startMs = Date.now();
	const scene = {
		token: "t" as string | null,
		isPaid: true,
		answer: async (_signal: AbortSignal): Promise<WorkflowAnswer> => runs("completed"),
		asked: [] as number[],
		tokens: [] as string[],
		tokenQuestions: 0,
		enterprise: "",
		hosts: [] as string[],
		pay: (isPaid: boolean) => {
			scene.isPaid = isPaid;
			looks.fire();
		},
		signIn: (token: string | null) => {
			scene.token = token;
			accounts.fire();
		},
	};
	const watch = new WorkflowWatch({
		github: {
			knows: (host) => host === "github.com" || host === scene.enterprise,
			token: async () => {
				scene.tokenQuestions++;
				return scene.token;
			},
			onDidChange: accounts.event,
		},
		attention: {
			get isPaid() {
				return scene.isPaid;
			},
			onDidChange: looks.event,
		},
		lister: async (host) => ({
			list: (_repository, token, signal) => {
				scene.asked.push(Math.round((Date.now() - startMs) / 1000));
				scene.tokens.push(token);
				scene.hosts.push(host);
				return scene.answer(signal ?? new AbortController().signal);
			},
		}),
	});
	return { watch, scene };
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("how often GitHub is asked", () => {
	test("every minute while nothing runs, every 15 s while something does", async () => {
		const { watch, scene } = watched();
		watch.watch(github);
		await pass(125);
		expect(scene.asked).toEqual([0, 60, 120]);
		scene.answer = async () => runs("in_progress");
		await pass(100);
		expect(scene.asked).toEqual([0, 60, 120, 180, 195, 210, 225]);
		expect(watch.state).toEqual({ github: "signedIn", reason: null });
		watch.dispose();
		await pass(300);
		expect(scene.asked).toHaveLength(7);
	});

	test("never while nobody looks; at once when somebody does and it is overdue, not before", async () => {
		const { watch, scene } = watched();
		scene.isPaid = false;
		watch.watch(github);
		await pass(600);
		expect([scene.asked, scene.tokenQuestions]).toEqual([[], 0]);
		scene.pay(true);
		await pass(1);
		expect(scene.asked).toEqual([600]);
		scene.pay(false);
		scene.pay(true);
		await pass(1);
		expect(scene.asked).toEqual([600]);
		scene.pay(false);
		await pass(600);
		scene.pay(true);
		await pass(1);
		expect(scene.asked).toEqual([600, 1202]);
	});

	test("after failures more and more seldom, and never before GitHub said", async () => {
		const { watch, scene } = watched();
		scene.answer = async () => failed();
		watch.watch(github);
		await pass(3_600);
		expect(scene.asked).toEqual([0, 60, 180, 420, 900, 1800, 2700, 3600]);
		expect(watch.state).toEqual({ github: "failed", reason: expect.stringMatching(/^GitHub's rate limit is reached/) });

		scene.answer = async () => failed(Date.now() + 2_000_000);
		await pass(900);
		scene.answer = async () => runs("completed");
		await pass(1_999);
		expect(scene.asked.slice(8)).toEqual([4_500]);
		await pass(2);
		expect(scene.asked.slice(8)).toEqual([4_500, 6_500]);
		expect(watch.state.github).toBe("signedIn");
	});

	test("one question at a time, however often somebody looks", async () => {
		const { watch, scene } = watched();
		scene.answer = () => new Promise(() => {});
		watch.watch(github);
		for (let n = 0; n < 10; n++) {
			scene.pay(true);
			await pass(30);
		}
		expect(scene.asked).toEqual([0]);
	});

	test("what nobody expected is a failure with a pause, and no loop", async () => {
		const { watch, scene } = watched();
		scene.answer = async () => {
			throw new Error("the file is gone");
		};
		watch.watch(github);
		await pass(59);
		expect(scene.asked).toEqual([0]);
		expect(watch.state).toEqual({ github: "failed", reason: "the file is gone" });
	});
});

describe("with whose leave", () => {
	test("without a session nothing is asked, until the accounts change", async () => {
		const { watch, scene } = watched();
		scene.token = null;
		watch.watch(github);
		await pass(600);
		expect([scene.asked, scene.tokenQuestions, watch.state.github]).toEqual([[], 1, "signedOut"]);
		scene.signIn("mine");
		await pass(1);
		expect([scene.tokens, watch.state.github]).toEqual([["mine"], "signedIn"]);
		expect(watch.runs).toHaveLength(1);
		scene.signIn(null);
		await pass(1);
		expect([watch.state.github, watch.runs]).toEqual(["signedOut", []]);
	});

	test("an answer to a question that was taken back changes nothing", async () => {
		const { watch, scene } = watched();
		let late: (answer: WorkflowAnswer) => void = () => {};
		scene.answer = () => new Promise((done) => (late = done));
		watch.watch(github);
		await pass(1);
		watch.watch(null);
		late(runs("completed"));
		await pass(1);
		expect([watch.state, watch.runs]).toEqual([{ github: "absent", reason: null }, []]);
	});

	test("another host is said and not asked", async () => {
		const { watch, scene } = watched();
		watch.watch({ host: "git.example.com", repository: "acme/digits" });
		await pass(600);
		expect([scene.asked, scene.tokenQuestions]).toEqual([[], 0]);
		expect(watch.state.github).toBe("absent");
		expect(watch.state.reason).toMatch(/git\.example\.com/);
	});

	test("the enterprise that the editor can sign in at is asked, with its own sign-in", async () => {
		const { watch, scene } = watched();
		scene.enterprise = "ghe.acme.dev";
		watch.watch({ host: "ghe.acme.dev", repository: "acme/digits" });
		await pass(1);
		expect(scene.hosts).toEqual(["ghe.acme.dev"]);
		expect(watch.state.github).toBe("signedIn");
	});

	test("how long a limit still lasts is said anew each minute, and nobody is asked meanwhile", async () => {
		const { watch, scene } = watched();
		scene.answer = async () => failed(Date.now() + 10 * 60_000);
		watch.watch(github);
		await pass(1);
		expect(watch.state.reason).toMatch(/asked again in 10 min/);
		await pass(4 * 60);
		expect(watch.state.reason).toMatch(/asked again in [67] min/);
		expect(scene.asked).toEqual([0]);
		await pass(7 * 60);
		expect(scene.asked).toHaveLength(2);
	});

	test("the same repository again is no new question, another one is", async () => {
		const { watch, scene } = watched();
		watch.watch(github);
		await pass(1);
		watch.watch({ ...github });
		await pass(1);
		expect(scene.asked).toHaveLength(1);
		watch.watch({ ...github, repository: "acme/mnist" });
		expect(watch.runs).toEqual([]);
		await pass(1);
		expect(scene.asked).toHaveLength(2);
	});
});
